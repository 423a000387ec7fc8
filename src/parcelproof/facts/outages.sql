-- One row: six hours on end or more in which the feed of a carrier told next to nothing of anybody: in no hour more than one in twenty of
-- the events that this hour of the day usually brings, where fifty and more would have been told in all or a whole day passed, between
-- days of which it told something in most hours. Some events of such a time are told all the same: they came by another way, or were written again.
-- Feeds that tell less often give no row: their silence is their habit. Some events of months ago, of numbers that were given
-- out again, make no feed less busy.
with busy_days as (
    select carrier, hour // 24 as day
    from feed_hours
    group by carrier, hour // 24
    having count(*) >= 12
),

busy as (
    select carrier, count(*) as days, min(day) as first_day, max(day) as last_day
    from busy_days
    group by carrier
    having count(*) >= 8
),

usual as (
    select feed_hours.carrier, feed_hours.hour % 24 as hour_of_day, sum(feed_hours.events) / any_value(busy.days) as events
    from feed_hours
    inner join busy_days on busy_days.carrier = feed_hours.carrier and busy_days.day = feed_hours.hour // 24
    inner join busy on busy.carrier = feed_hours.carrier
    group by feed_hours.carrier, feed_hours.hour % 24
),

days as (
    select carrier, unnest(range(first_day, last_day + 1)) as day
    from busy
),

every_hour as (
    select carrier, day, unnest(range(0, 24)) as hour_of_day
    from days
),

told as (
    select
        every_hour.carrier,
        every_hour.day * 24 + every_hour.hour_of_day as hour,
        coalesce(usual.events, 0) as usual,
        coalesce(feed_hours.events, 0) <= 0.05 * coalesce(usual.events, 0) as quiet
    from every_hour
    left join usual on usual.carrier = every_hour.carrier and usual.hour_of_day = every_hour.hour_of_day
    left join feed_hours on feed_hours.carrier = every_hour.carrier and feed_hours.hour = every_hour.day * 24 + every_hour.hour_of_day
),

steps as (
    select
        carrier,
        hour,
        lead(hour) over later as next_hour,
        lag(hour, 11) over later >= hour - 24 and lead(hour, 12) over later <= lead(hour) over later + 24 as between_busy_days
    from told
    where not quiet
    window later as (partition by carrier order by hour)
)

select steps.carrier, make_timestamp((steps.hour + 1) * 3600000000) as starts_at, make_timestamp(steps.next_hour * 3600000000) as ends_at
from steps
inner join told on told.carrier = steps.carrier and told.hour > steps.hour and told.hour < steps.next_hour
where steps.next_hour - steps.hour > 6 and steps.between_busy_days
group by steps.carrier, steps.hour, steps.next_hour
having sum(told.usual) >= 50 or steps.next_hour - steps.hour > 24
