-- One row: a shipment and a span of time in which announced disruptions, or outages of its feed, touch it. Announcements that overlap one another
-- are one span, so that hours which two authorities announced are taken out once; the most generous grant counts.
with ordered as (
    select
        shipment,
        announced,
        starts_at,
        ends_at,
        extra_hours,
        max(ends_at) over (
            partition by shipment, announced order by starts_at, ends_at rows between unbounded preceding and 1 preceding
        ) as covered_until
    from touches
),

numbered as (
    select
        *,
        count(*) filter (where covered_until is null or starts_at > covered_until) over (
            partition by shipment, announced order by starts_at, ends_at rows between unbounded preceding and current row
        ) as span
    from ordered
)

select shipment, announced, min(starts_at) as starts_at, max(ends_at) as ends_at, max(extra_hours) as extra_hours
from numbered
group by shipment, announced, span
