-- One row: a stretch of time in which the feed of a carrier lived: it told of some parcel at least every two days, and had no
-- outage of more than half a day: a shorter one hides a scan, and not all that would have followed it. Silence on a number is evidence only
-- within such a stretch. One that follows a silence, not an outage, is taken to have begun two days before its first event: a feed that
-- tells seldom may just have had nothing to tell.
with long_outages as (
    select carrier, epoch_us(starts_at) // 3600000000 as from_hour, epoch_us(ends_at) // 3600000000 as to_hour
    from outages
    where ends_at > starts_at + interval 12 hours
),

live as (
    select feed_hours.carrier, feed_hours.hour
    from feed_hours
    anti join long_outages
        on long_outages.carrier = feed_hours.carrier and feed_hours.hour >= long_outages.from_hour and feed_hours.hour < long_outages.to_hour
),

broken as (
    select
        live.carrier,
        live.hour,
        long_outages.carrier is not null as after_outage,
        long_outages.carrier is not null
            or coalesce(live.hour - lag(live.hour) over (partition by live.carrier order by live.hour) > 48, true) as begins
    from live
    left join long_outages on long_outages.carrier = live.carrier and long_outages.to_hour = live.hour
),

runs as (
    select *, count(*) filter (where begins) over (partition by carrier order by hour) as run
    from broken
)

select
    carrier,
    make_timestamp((min(hour) - case when bool_or(after_outage) then 0 else 48 end) * 3600000000) as lives_from,
    make_timestamp((max(hour) + 1) * 3600000000) as lives_until
from runs
group by carrier, run
