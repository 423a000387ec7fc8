-- One row: a shipment, where it was to go and where it was delivered. An address that the buyer changed counts from when
-- it was changed; before, or where the change names no place, the order's own address still counts too.
-- A place code of another country stands in the scans only as text: it is looked up for the parcels that have one.
with foreign_ends as (
    select carrier, waybill_no, arg_min(adcode, event_time) as adcode
    from scans
    where stage = 'delivered' and contains(adcode, '-') and coalesce(received_at, event_time) <= $as_of
    group by carrier, waybill_no
),

ends as (
    select
        shipments.shipment,
        shipments.adcode,
        trace_facts.delivered_at,
        coalesce(foreign_ends.adcode, lpad(cast(nullif(trace_facts.delivered_code, 0) as varchar), 6, '0')) as delivered_adcode,
        list_filter(
            order_agreements.addresses, lambda change: trace_facts.delivered_at is null or change.happened_at <= trace_facts.delivered_at
        ) as changes
    from shipments
    inner join trace_facts using (shipment)
    left join foreign_ends on foreign_ends.carrier = shipments.declared_carrier and foreign_ends.waybill_no = shipments.waybill_no
    left join order_agreements on order_agreements.order_id = shipments.order_id
    where trace_facts.delivered_at is not null
)

select
    shipment,
    delivered_adcode,
    case when coalesce(len(changes), 0) = 0 then place_level(delivered_adcode, adcode)
    else finest_level(place_level(delivered_adcode, adcode), place_level(delivered_adcode, changes[-1].adcode)) end as delivered_level
from ends
