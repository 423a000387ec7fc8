-- One row: an announced disruption: a storm with its hours, or an event that waives the windows.
select
    cast(null as varchar) as carrier,
    left(cast(city as varchar), case when city % 10000 = 0 then 2 else 4 end) as adcode,
    utc(from_second) as starts_at,
    utc(until_second) as ends_at,
    case pattern when 'honest_storm' then 24 end as extra_hours,
    pattern = 'honest_event_control' as waive,
    case pattern when 'honest_storm' then 'storm' else 'event' end as reason,
    'platform notice' as source,
    utc(from_second - case pattern when 'honest_storm' then 10800 else 172800 end) as announced_at
from closures
where from_second < ($days + $watched_days) * 86400
order by all
