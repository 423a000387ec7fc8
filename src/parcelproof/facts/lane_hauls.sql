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

hauled as (
    select
        shipments.shipment,
        shipments.merchant_id,
        shipments.carrier,
        unnest(list_filter(
            list_transform(
                shipments.events,
                lambda e, i: case
                    when
                        event_stage(e) in (2, 3) and event_stage(shipments.events[i + 1]) = 2
                        and event_place(e) > 0 and event_place(shipments.events[i + 1]) > 0
                        and event_place(e) // 100 <> event_place(shipments.events[i + 1]) // 100
                    then {
                        'a': event_place(e) // 100,
                        'b': event_place(shipments.events[i + 1]) // 100,
                        'departed': event_stage(e) = 3,
                        'us': greatest(event_us(shipments.events[i + 1]) - event_us(e), 0)
                    }
                end
            ),
            lambda haul: haul is not null
        )) as haul
    from shipments
    semi join fast on fast.carrier = shipments.carrier and fast.origin = shipments.first_code // 10000 and fast.province = place_province(shipments.adcode)
),

compared as (
    select own.shipment, own.haul.us as us, count(*) as others, min(beside.haul.us) as quickest_us
    from hauled as own
    semi join fast on fast.shipment = own.shipment
    inner join hauled as beside
        on beside.carrier = own.carrier and beside.haul.a = own.haul.a and beside.haul.b = own.haul.b
        and beside.haul.departed and beside.merchant_id is distinct from own.merchant_id
    group by own.shipment, own.haul
),

shared as (
    select *, case when others >= 5 and quickest_us > 0 then us / quickest_us end as haul_share
    from compared
)

select shipment, arg_min(others, (coalesce(haul_share, 2), -others)) as haul_others, min(haul_share) as haul_share
from shared
group by shipment
