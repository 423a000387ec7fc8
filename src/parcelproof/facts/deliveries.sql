-- One row: a shipment, where it was to go and where it was delivered. An address that the buyer changed counts from when
-- it was changed; before, or where the change names no place, the order's own address still counts too.
-- A city that is not known as one that gathers parcels for far provinces may still be one: that is unknown.
-- A place code of another country stands in the scans only as text: it is looked up for the parcels that have no other.
with foreign_ends as (
    select shipments.shipment, min(scans.adcode) as adcode
    from shipments
    inner join scans on scans.carrier = shipments.declared_carrier and scans.waybill_no = shipments.waybill_no
    where
        not shipments.delivered_with_code
        and scans.event_time = shipments.delivered_at
        and scans.stage = 'delivered'
        and contains(scans.adcode, '-')
        and coalesce(scans.received_at, scans.event_time) <= $as_of
    group by shipments.shipment
),

ends as (
    select
        shipments.shipment,
        shipments.order_id,
        shipments.adcode,
        shipments.delivered_at,
        coalesce(foreign_ends.adcode, lpad(cast(nullif(shipments.delivered_code, 0) as varchar), 6, '0')) as delivered_adcode
    from shipments
    left join foreign_ends using (shipment)
    where shipments.delivered_at is not null
),

pairs as (
    select delivered_adcode, adcode
    from ends
    where delivered_adcode is not null and adcode is not null
    group by delivered_adcode, adcode
),

levels as (
    select delivered_adcode, adcode, place_level(delivered_adcode, adcode) as level
    from pairs
),

moved as (
    select
        ends.shipment,
        list_filter(order_agreements.addresses, lambda change: change.happened_at <= ends.delivered_at)[-1].adcode as adcode
    from ends
    inner join order_agreements using (order_id)
    where len(list_filter(order_agreements.addresses, lambda change: change.happened_at <= ends.delivered_at)) > 0
)

select
    ends.shipment,
    ends.delivered_adcode,
    case
        when moved.shipment is null then levels.level
        else finest_level(levels.level, place_level(ends.delivered_adcode, moved.adcode))
    end as delivered_level,
    case when hubs.city is not null then true end as delivered_at_hub
from ends
left join levels on levels.delivered_adcode = ends.delivered_adcode and levels.adcode = ends.adcode
left join moved on moved.shipment = ends.shipment
left join consolidation_hubs as hubs on hubs.city = left(ends.delivered_adcode, 4)
