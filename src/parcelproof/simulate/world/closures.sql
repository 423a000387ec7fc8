-- One row: a city and a time in which nothing left its hub: a storm or an event, both announced.
with blocks as (
    select cities.city, block
    from cities
    cross join range(-1, cast(($days + $watched_days) / 4 as bigint)) as series(block)
),

struck as (
    select city, block, 'honest_storm' as pattern, between_dice(city * 1000 + block, 'storm lasts', 30, 66) as hours
    from blocks
    where dice(city * 1000 + block, 'storm') < $share_honest_storm
    union all
    select city, block, 'honest_event_control', between_dice(city * 1000 + block, 'event lasts', 24, 60)
    from blocks
    where dice(city * 1000 + block, 'event') < $share_honest_event_control
)

select
    city,
    pattern,
    block * 345600 + pick(city * 1000 + block, 'closure begins', 86400) as from_second,
    block * 345600 + pick(city * 1000 + block, 'closure begins', 86400) + cast(hours * 3600 as bigint) as until_second
from struck
qualify row_number() over (partition by city, block order by pattern) = 1
