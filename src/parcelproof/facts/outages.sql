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
    select carrier, count(*) as days
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

loud as (
    select feed_hours.carrier, feed_hours.hour
    from feed_hours
    semi join busy on busy.carrier = feed_hours.carrier
    left join usual on usual.carrier = feed_hours.carrier and usual.hour_of_day = feed_hours.hour % 24
    where feed_hours.events > 0.05 * coalesce(usual.events, 0)
),

steps as (
    select
        carrier,
        hour,
        lead(hour) over later as next_hour,
        lag(hour, 11) over later >= hour - 24 and lead(hour, 12) over later <= lead(hour) over later + 24 as between_busy_days
    from loud
    window later as (partition by carrier order by hour)
),

quiet as (
    select carrier, hour, next_hour, unnest(range(hour + 1, next_hour)) as quiet_hour
    from steps
    where next_hour - hour > 6 and between_busy_days
)

select
    quiet.carrier,
    make_timestamp((quiet.hour + 1) * 3600000000) as starts_at,
    make_timestamp(quiet.next_hour * 3600000000) as ends_at
from quiet
left join usual on usual.carrier = quiet.carrier and usual.hour_of_day = quiet.quiet_hour % 24
group by quiet.carrier, quiet.hour, quiet.next_hour
having coalesce(sum(usual.events), 0) >= 50 or quiet.next_hour - quiet.hour > 24
