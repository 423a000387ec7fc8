-- One row: a stretch of time in which the feed of a carrier lived: it told of some parcel at least every two days, and had no
-- outage. Silence on a number is evidence only within such a stretch. One that follows a silence, not an outage, is taken to
-- have begun two days before its first event: a feed that tells seldom may just have had nothing to tell.
with broken as (
    select
        feed_hours.carrier,
        feed_hours.hour,
        outages.carrier is not null as after_outage,
        outages.carrier is not null
            or coalesce(feed_hours.hour - lag(feed_hours.hour) over (partition by feed_hours.carrier order by feed_hours.hour) > 48, true) as begins
    from feed_hours
    left join outages on outages.carrier = feed_hours.carrier and outages.ends_at = make_timestamp(feed_hours.hour * 3600000000)
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
