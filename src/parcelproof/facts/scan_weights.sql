-- One row: the largest weight that any site measured on a number; the milder one where a light parcel is the suspicion.
select
    coalesce(alias.carrier, upper(trim(scans.carrier))) as carrier,
    number_of(scans.waybill_no) as number,
    max(scans.weight_g) as weight_g
from scans
left join carrier_aliases as alias on alias.alias = upper(trim(scans.carrier))
where scans.weight_g is not null and scans.event_time <= $as_of and (scans.received_at is null or scans.received_at <= $as_of)
group by 1, 2
