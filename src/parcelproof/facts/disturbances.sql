-- One row: a time that does not count, and whom it touches: an announced disruption known by then, or an outage of a feed.
select
    coalesce(alias.carrier, upper(trim(disruptions.carrier))) as carrier,
    disruptions.adcode,
    disruptions.facility_id,
    disruptions.starts_at,
    disruptions.ends_at,
    coalesce(disruptions.extra_hours, 0) as extra_hours,
    coalesce(disruptions.waive, false) as waive,
    true as announced
from disruptions
left join carrier_aliases as alias on alias.alias = upper(trim(disruptions.carrier))
where coalesce(disruptions.announced_at, disruptions.starts_at) <= $as_of
union all
select carrier, null, null, starts_at, ends_at, 0, false, false
from outages
