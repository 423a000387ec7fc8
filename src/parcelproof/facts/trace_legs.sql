-- One row: a shipment's fastest leg between two cities, in km per hour of great-circle distance, and by how many hours its quickest
-- haul from one sorting centre to the next was too short: a lorry makes 120 km an hour, an aeroplane 850 after two hours of
-- loading, and a centre lies within 50 km of its city's.
-- Legs of six hours or more cannot be faster than air freight inside one country and are left out; so are equal moments
-- of a clock that ticks in minutes: half a minute is the least a leg is taken to last.
-- How far neighbouring cities are apart is not told: between them only the hours of the quickest haul are known.
-- Events stand beside the next one as rows: as lists they take four times as long.
with steps as (
    select shipment, unnest(events) as event, unnest(events[2:]) as next_event
    from shipment_traces
),

legs as (
    select
        shipment,
        event_place(event) // 100 as city,
        event_place(next_event) // 100 as next_city,
        greatest(event_gap_us(event, next_event), 30000000) / 3600000000.0 as hours,
        event_stage(event) = 3 and event_stage(next_event) = 2 as is_haul
    from steps
    where
        event_gap_us(event, next_event) < 21600000000
        and event_place(event) > 0 and event_place(next_event) > 0
        and event_place(event) // 100 <> event_place(next_event) // 100
)

select
    legs.shipment,
    max(city_distances.km / legs.hours) as fastest_leg_kmh,
    max(least((city_distances.km - 50) / 120, 2 + (city_distances.km - 50) / 850) - legs.hours) filter (where legs.is_haul) as haul_hours_short,
    min(legs.hours) filter (where legs.is_haul) as quickest_haul_hours
from legs
left join city_distances on city_distances.city_a = legs.city and city_distances.city_b = legs.next_city
group by legs.shipment
