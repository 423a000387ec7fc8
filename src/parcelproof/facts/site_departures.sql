-- One row: a shipment that lay for two days or more at a site that had told of its arrival, how many other parcels for the same province
-- the site sent on meanwhile, and how many it sends on in as much time otherwise. `site_stood`: less than a tenth of three or more;
-- unknown where fewer would have been sent on, or less than half were. The first and the last twelve hours are left out: a truck may just
-- have left, and the parcel may have missed the next.
with lying as (
    select
        shipment, trace_key, carrier, longest_stall_site as site, place_province(adcode) as province,
        longest_stall_from + interval 12 hours as since,
        longest_stall_from + hours(longest_stall_hours) - interval 12 hours as until
    from shipments
    where
        longest_stall_hours >= 48 and longest_stall_site is not null
        and event_stage(list_filter(events, lambda e: event_time(e) <= longest_stall_from)[-1]) = 2
),

sites as (
    select distinct carrier, site, province from lying
),

passed as (
    select shipments.trace_key, shipments.carrier, place_province(shipments.adcode) as province, unnest(shipments.events) as event
    from shipments
    semi join sites on sites.carrier = shipments.carrier and sites.province = place_province(shipments.adcode)
),

departures as (
    select passed.trace_key, passed.carrier, event_site(passed.event) as site, passed.province, event_time(passed.event) as left_at
    from passed
    semi join sites on sites.carrier = passed.carrier and sites.site = event_site(passed.event) and sites.province = passed.province
    where event_stage(passed.event) = 3
),

rates as (
    select carrier, site, province, count(*) as departures, greatest(hours_between(min(left_at), max(left_at)), 24) as hours
    from departures
    group by carrier, site, province
),

sent as (
    select
        lying.shipment,
        count(departures.trace_key) as site_left,
        any_value(rates.departures / rates.hours) * any_value(hours_between(lying.since, lying.until)) as site_usual
    from lying
    inner join rates using (carrier, site, province)
    left join departures
        on departures.carrier = lying.carrier and departures.site = lying.site and departures.province = lying.province
        and departures.trace_key <> lying.trace_key
        and departures.left_at between lying.since and lying.until
    group by lying.shipment
)

select
    shipment,
    site_left,
    site_usual,
    case
        when site_usual >= 3 and site_left < site_usual / 10 then true
        when site_usual >= 3 and site_left >= site_usual / 2 then false
    end as site_stood
from sent
