-- One row: a step at a site, an hour, a shop, how many of its parcels began the step there and then, and how many of these waited
-- for a day, two or four (of silence: two, four or eight) or more. What is not yet decided does not count. Only sites with
-- something slow are here.
with sites as (
    select distinct step, carrier, site from slow_steps
),

pickups as (
    select carrier, site, merchant_id, declared_at as began_at, hours_between(declared_at, coalesce(collected_at, $as_of)) / 24 as waited
    from pickup_sites
    semi join sites on sites.step = 'pickup' and sites.carrier = pickup_sites.carrier and sites.site = pickup_sites.site
    where (collected_at is not null or withdrawn_at is null) and coalesce(collected_at, $as_of - interval 24 hours) >= declared_at
),

hubs as (
    select
        carrier, collected_site as site, merchant_id, collected_at as began_at,
        hours_between(collected_at, coalesce(hub_at, waiting_at, $as_of)) / 24 as waited
    from shipments
    semi join sites on sites.step = 'hub' and sites.carrier = shipments.carrier and sites.site = shipments.collected_site
    where coalesce(hub_at, waiting_at, $as_of - interval 24 hours) >= collected_at
),

stops as (
    select
        shipments.carrier,
        shipments.merchant_id,
        shipments.adcode,
        shipments.hub_at,
        shipments.waiting_at,
        unnest(shipment_traces.events) as event,
        unnest(list_append(shipment_traces.events[2:], null)) as later
    from shipment_traces
    inner join shipments using (shipment)
    where shipments.hub_at is not null and shipments.carrier in (select carrier from sites where step = 'stall')
),

stalls as (
    select
        stops.carrier, sites.site, merchant_id, event_time(event) as began_at,
        hours_between(event_time(event), coalesce(event_time(later), $as_of)) / 48 as waited
    from stops
    inner join sites
        on sites.step = 'stall' and sites.carrier = stops.carrier
        and sites.site = stay_of(event_site(stops.event), event_stage(stops.event), event_site(stops.later), stops.adcode)
    where
        (later is not null or event_time(event) <= $as_of - interval 48 hours)
        and event_time(event) >= hub_at and (waiting_at is null or event_time(event) < waiting_at)
),

lanes as (
    select
        carrier, -(first_code // 100 * 100 + cast(place_province(adcode) as integer)) as site, merchant_id, hub_at as began_at,
        longest_stall_hours / 48 as waited
    from shipments
    semi join sites
        on sites.step = 'lane' and sites.carrier = shipments.carrier
        and sites.site = -(shipments.first_code // 100 * 100 + cast(place_province(shipments.adcode) as integer))
    where waiting_at is not null or hub_at <= $as_of - interval 48 hours
),

begun as (
    select 'pickup' as step, * from pickups
    union all
    select 'hub', * from hubs
    union all
    select 'stall', * from stalls
    union all
    select 'lane', * from lanes
)

select
    step, carrier, site, epoch_us(began_at) // 3600000000 as hour, merchant_id, count(*) as parcels,
    count(*) filter (where waited >= 1) as slow_1, count(*) filter (where waited >= 2) as slow_2, count(*) filter (where waited >= 4) as slow_4
from begun
where merchant_id is not null and began_at is not null
group by step, carrier, site, hour, merchant_id
