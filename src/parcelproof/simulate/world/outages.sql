-- One row: a time in which the feed of one carrier lost everything, or told it late.
with numbered as (
    select 'lost' as kind, outage from range(cast($share_honest_feed_loss as bigint)) as series(outage)
    union all
    select 'late', outage from range(cast($share_honest_late_feed as bigint)) as series(outage)
),

begun as (
    select
        kind,
        pick(kind || outage, 'carrier', (select count(*) from carriers)) as carrier_no,
        cast(between_dice(kind || outage, 'begins', 4, $days - 4) * 86400 as bigint) as from_second,
        cast(between_dice(kind || outage, 'lasts', 26, 60) * 3600 as bigint) as seconds
    from numbered
)

select *, from_second + seconds as until_second
from begun
