-- One row: a shop with slow pickups at a carrier, and the site that picks up most of its parcels there.
with pickups as (
    select carrier, merchant_id, collected_site, count(*) as parcels
    from shipments
    semi join slow_pickups on slow_pickups.carrier = shipments.carrier and slow_pickups.merchant_id = shipments.merchant_id
    where pickup_scanned and collected_site is not null
    group by carrier, merchant_id, collected_site
)

select carrier, merchant_id, arg_max(collected_site, (parcels, collected_site)) as site
from pickups
group by carrier, merchant_id
