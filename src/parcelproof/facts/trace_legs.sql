-- One row: a shipment's fastest leg between two cities, in km per hour of great-circle distance, and by how many hours its quickest
-- haul from one sorting centre to the next was too short: a lorry makes 120 km an hour, an aeroplane 850 after two hours of
-- loading, and a centre lies within 50 km of its city's.
-- Legs of six hours or more cannot be faster than air freight inside one country and are left out; so are equal moments
-- of a clock that ticks in minutes: half a minute is the least a leg is taken to last.
with legs as (
    select
        shipment,
        unnest(list_filter(
            list_transform(
                events,
                lambda e, i: case
                    when i < len(events) and event_us(events[i + 1]) - event_us(e) < 21600000000
                        and event_place(e) > 0 and event_place(events[i + 1]) > 0
                        and event_place(e) // 100 <> event_place(events[i + 1]) // 100
                    then {
                        'a': event_place(e) // 100,
                        'b': event_place(events[i + 1]) // 100,
                        'haul': event_stage(e) = 3 and event_stage(events[i + 1]) = 2,
                        'us': greatest(event_us(events[i + 1]) - event_us(e), 30000000)
                    }
                end
            ),
            lambda leg: leg is not null
        )) as leg
    from shipment_traces
)

select
    legs.shipment,
    max(city_distances.km / (legs.leg.us / 3600000000.0)) as fastest_leg_kmh,
    max(
        least((city_distances.km - 50) / 120, 2 + (city_distances.km - 50) / 850) - legs.leg.us / 3600000000.0
    ) filter (where legs.leg.haul) as haul_hours_short
from legs
inner join city_distances on city_distances.city_a = legs.leg.a and city_distances.city_b = legs.leg.b
group by legs.shipment
