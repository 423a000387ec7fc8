-- One row: a lane between two hubs, its length along the great circle, and the capital at which a long one changes trucks.
with hubs as (select distinct hubs.city, hubs.x, hubs.y from cities inner join cities as hubs on hubs.city = cities.hub),

lengths as (
    select
        a.city as from_hub,
        b.city as to_hub,
        12742.0 * asin(sqrt(least(1.0, pow(sin((a.y - b.y) / 2), 2) + cos(a.y) * cos(b.y) * pow(sin((a.x - b.x) / 2), 2)))) as km,
        a.x, a.y, b.x as to_x, b.y as to_y
    from hubs as a
    cross join hubs as b
),

halfway as (
    select lengths.from_hub, lengths.to_hub, arg_min(capitals.capital, pow((x + to_x) / 2 - at_x, 2) + pow((y + to_y) / 2 - at_y, 2)) as relay
    from lengths
    cross join (select city as capital, x as at_x, y as at_y from cities where city = capital) as capitals
    where lengths.km > 1100 and capitals.capital not in (lengths.from_hub, lengths.to_hub)
    group by lengths.from_hub, lengths.to_hub
)

select lengths.from_hub, lengths.to_hub, lengths.km, halfway.relay, between_dice(from_hub * 1000000 + to_hub, 'speed', 0.93, 1.07) * $truck_kmh as kmh
from lengths
left join halfway using (from_hub, to_hub)
