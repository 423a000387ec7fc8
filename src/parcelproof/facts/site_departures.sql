-- One row: a shipment that lay for two days or more at a site that had told of its arrival, how many parcels of other shops for the
-- same province the site sent on meanwhile, and in as much time before and after it, of which the fewer count: where nothing is sent on
-- later either, there may have been nothing to send. `site_stood`: less than a tenth of three or more; unknown where fewer would have been
-- sent on, or less than half were, in a marketplace where carriers are known to fail. The first and the last twelve hours are left out: a
-- truck may just have left, and the parcel may have missed the next.
with lying as (
    select
        shipment, shipments.merchant_id, shipments.carrier, longest_stall_site as site,
        place_province(coalesce(shipment_labels.adcode, shipments.adcode)) as province,
        longest_stall_from + interval 12 hours as since,
        longest_stall_from + hours(longest_stall_hours) - interval 12 hours as until
    from shipments
    left join shipment_labels using (shipment)
    where
        longest_stall_hours >= 48 and longest_stall_site is not null
        and event_stage(list_filter(events, lambda e: event_time(e) <= longest_stall_from)[-1]) = 2
),

sites as (
    select distinct carrier, site, province from lying
),

passed as (
    select shipments.trace_key, shipments.merchant_id, shipments.carrier, place_province(shipments.adcode) as province, unnest(shipments.events) as event
    from shipments
    semi join sites on sites.carrier = shipments.carrier and sites.province = place_province(shipments.adcode)
),

departures as (
    select passed.trace_key, passed.merchant_id, passed.carrier, event_site(passed.event) as site, passed.province, event_time(passed.event) as left_at
    from passed
    semi join sites on sites.carrier = passed.carrier and sites.site = event_site(passed.event) and sites.province = passed.province
    where event_stage(passed.event) = 3
),

sent as (
    select
        lying.shipment,
        count(*) filter (where departures.left_at between lying.since and lying.until) as site_left,
        least(count(*) filter (where departures.left_at < lying.since), count(*) filter (where departures.left_at > lying.until)) as site_usual
    from lying
    left join departures
        on departures.carrier = lying.carrier and departures.site = lying.site and departures.province = lying.province
        and departures.merchant_id is distinct from lying.merchant_id
        and departures.left_at between lying.since - (lying.until - lying.since) and lying.until + (lying.until - lying.since)
    group by lying.shipment
)

select
    shipment,
    site_left,
    site_usual,
    case
        when site_usual >= 3 and site_left < site_usual / 10 then true
        when site_left >= 3 and site_left >= site_usual / 2 or not slow_shops.carriers_fail then false
    end as site_stood
from sent
inner join slow_shops on slow_shops.step = 'stall'
