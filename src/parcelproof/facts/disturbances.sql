-- One row: a time that does not count, and whom it touches: an announced disruption known by then, or an outage of a feed.
-- Announcements of one scope and one grant that overlap are one.
with known as (
    select
        coalesce(alias.carrier, upper(trim(disruptions.carrier))) as carrier,
        disruptions.adcode,
        disruptions.facility_id,
        disruptions.starts_at,
        disruptions.ends_at,
        coalesce(disruptions.extra_hours, 0) as extra_hours,
        coalesce(disruptions.waive, false) as waive
    from disruptions
    left join carrier_aliases as alias on alias.alias = upper(trim(disruptions.carrier))
    where coalesce(disruptions.announced_at, disruptions.starts_at) <= $as_of
),

ordered as (
    select
        *,
        max(ends_at) over (
            partition by carrier, adcode, facility_id, extra_hours, waive
            order by starts_at, ends_at rows between unbounded preceding and 1 preceding
        ) as covered_until
    from known
),

numbered as (
    select
        *,
        count(*) filter (where covered_until is null or starts_at > covered_until) over (
            partition by carrier, adcode, facility_id, extra_hours, waive
            order by starts_at, ends_at rows between unbounded preceding and current row
        ) as span
    from ordered
)

select carrier, adcode, facility_id, min(starts_at) as starts_at, max(ends_at) as ends_at, extra_hours, waive, true as announced
from numbered
group by carrier, adcode, facility_id, extra_hours, waive, span
union all
select carrier, null, null, starts_at, ends_at, 0, false, false
from outages
