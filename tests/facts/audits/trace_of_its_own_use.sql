-- A trace that is not the shipment's: one that ended 30 days before its declaration, or one with more scans than the number has.
with scanned as (
    select number_of(waybill_no) as number, count(*) as scans
    from scans
    group by number_of(waybill_no)
)

select facts.order_id, facts.waybill_no, facts.declared_at, facts.last_scan_at, facts.scans_on_trace, scanned.scans
from facts
left join scanned on scanned.number = number_of(facts.waybill_no)
where
    facts.last_scan_at < facts.declared_at - interval 30 days
    or facts.scans_on_trace > coalesce(scanned.scans, 0)
    or facts.scans_on_trace = 0 and facts.last_scan_at is not null
