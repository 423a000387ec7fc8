-- One row: an announced disruption. Each storm shipment has one at its origin, over its whole way.
select
    carrier, origin as adcode, min(collected_at) as starts_at, max(collected_at) + to_hours(160) as ends_at, 'storm' as reason, 'weather service' as source,
    min(collected_at) as announced_at
from world
where pattern = 'honest_storm'
group by carrier, origin, date_trunc('day', collected_at)
order by all
