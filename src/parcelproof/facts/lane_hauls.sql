-- One row: a shipment that was hauled between two sorting centres in less than an hour and a half, or made more than 100 km an hour, how many
-- parcels of other shops its carrier hauled there, and its time as a share of the quickest of theirs: of the lane where that share is least.
-- It is unknown where fewer than five were hauled. A departure that nobody scanned makes a haul longer, not shorter, so that such a one
-- counts against the quickest as well.
with fast as (
    select shipments.shipment, shipments.carrier, shipments.first_code // 10000 as origin, place_province(shipments.adcode) as province
    from trace_legs
    inner join shipments using (shipment)
    where trace_legs.fastest_leg_kmh > 100 or trace_legs.quickest_haul_hours < 1.5
),

steps as (
    select
        shipments.shipment, shipments.merchant_id, shipments.carrier,
        unnest(shipments.events) as event, unnest(shipments.events[2:]) as next_event
    from shipments
    semi join fast on fast.carrier = shipments.carrier and fast.origin = shipments.first_code // 10000 and fast.province = place_province(shipments.adcode)
),

hauled as (
    select
        shipment, merchant_id, carrier,
        event_place(event) // 100 as city,
        event_place(next_event) // 100 as next_city,
        event_stage(event) = 3 as departed,
        greatest(event_gap_us(event, next_event), 0) as us
    from steps
    where
        event_stage(event) in (2, 3) and event_stage(next_event) = 2
        and event_place(event) > 0 and event_place(next_event) > 0
        and event_place(event) // 100 <> event_place(next_event) // 100
),

compared as (
    select own.shipment, own.us, count(*) as others, min(beside.us) as quickest_us
    from hauled as own
    semi join fast on fast.shipment = own.shipment
    inner join hauled as beside
        on beside.carrier = own.carrier and beside.city = own.city and beside.next_city = own.next_city
        and beside.departed and beside.merchant_id is distinct from own.merchant_id
    group by own.shipment, own.city, own.next_city, own.departed, own.us
),

shared as (
    select *, case when others >= 5 and quickest_us > 0 then us / quickest_us end as haul_share
    from compared
)

select shipment, arg_min(others, (coalesce(haul_share, 2), -others)) as haul_others, min(haul_share) as haul_share
from shared
group by shipment
