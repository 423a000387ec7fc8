-- One row: a day or more in which the feed of a carrier was silent for everybody, between days of which it told something in most hours.
-- Feeds that tell less often give no row: their silence is their habit. Some events of months ago, of numbers that were given
-- out again, make no feed less busy.
with busy_days as (
    select carrier, hour // 24 as day
    from feed_hours
    group by carrier, hour // 24
    having count(*) >= 12
),

busy as (
    select carrier
    from busy_days
    group by carrier
    having count(*) >= 8
),

steps as (
    select
        carrier,
        hour,
        lead(hour) over later as next_hour,
        lag(hour, 11) over later >= hour - 24 and lead(hour, 12) over later <= lead(hour) over later + 24 as between_busy_days
    from feed_hours
    semi join busy using (carrier)
    window later as (partition by carrier order by hour)
)

select carrier, make_timestamp((hour + 1) * 3600000000) as starts_at, make_timestamp(next_hour * 3600000000) as ends_at
from steps
where next_hour - hour > 24 and between_busy_days
