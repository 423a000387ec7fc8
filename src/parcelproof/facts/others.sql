-- One row: a step at a site, an hour, a shop that was slow there and how slow it was, and how the parcels of all other shops fared:
-- within two hours of it where they are thirty or more, else within twelve. Slow are those that waited as long: a day's jam does
-- not explain a week. The rate of the hours is drawn towards that of the site (as 30 parcels), the
-- site's towards the carrier's (as 200), the carrier's towards one in a hundred (as 1,000): few parcels say little.
-- `carrier_share` is the part of a slow parcel's chance that those hours added, or the least share of slow parcels that is sure
-- at 95 in 100 (Wilson) where that is more: at a site where most parcels are slow, each is the carrier's.
with asking as (
    select distinct step, carrier, site, delay, hour, merchant_id from slow_steps
),

-- The hours of a site, once for each delay that is asked for.
shop_hours as (
    select
        branch_hours.step, branch_hours.carrier, branch_hours.site, sites.delay, branch_hours.hour, branch_hours.merchant_id, branch_hours.parcels,
        case sites.delay when 1 then branch_hours.slow_1 when 2 then branch_hours.slow_2 else branch_hours.slow_4 end as slow
    from branch_hours
    inner join (select distinct step, carrier, site, delay from asking) as sites using (step, carrier, site)
),

-- The hours that are asked for are there, even where nobody's parcel began its step in them.
begun as (
    select step, carrier, site, delay, hour, merchant_id, parcels, slow from shop_hours
    union all
    select distinct step, carrier, site, delay, hour, null, 0, 0 from asking
),

by_hour as (
    select step, carrier, site, delay, hour, sum(parcels) as parcels, sum(slow) as slow
    from begun
    group by step, carrier, site, delay, hour
),

everybody as (
    select
        step, carrier, site, delay, hour,
        sum(parcels) over near as near_parcels,
        sum(slow) over near as near_slow,
        sum(parcels) over wide as wide_parcels,
        sum(slow) over wide as wide_slow,
        sum(parcels) over (partition by step, carrier, site, delay) as site_parcels,
        sum(slow) over (partition by step, carrier, site, delay) as site_slow,
        sum(parcels) over (partition by step, carrier, delay) as carrier_parcels,
        sum(slow) over (partition by step, carrier, delay) as carrier_slow
    from by_hour
    window
        near as (partition by step, carrier, site, delay order by hour range between 2 preceding and 2 following),
        wide as (partition by step, carrier, site, delay order by hour range between 12 preceding and 12 following)
),

around as (
    select *, unnest(range(hour - 12, hour + 13)) as at_hour from asking
),

own_hours as (
    select
        around.step, around.carrier, around.site, around.delay, around.hour, around.merchant_id,
        coalesce(sum(shop_hours.parcels) filter (where abs(around.at_hour - around.hour) <= 2), 0) as near_parcels,
        coalesce(sum(shop_hours.slow) filter (where abs(around.at_hour - around.hour) <= 2), 0) as near_slow,
        coalesce(sum(shop_hours.parcels), 0) as wide_parcels,
        coalesce(sum(shop_hours.slow), 0) as wide_slow
    from around
    left join shop_hours
        on shop_hours.step = around.step and shop_hours.carrier = around.carrier and shop_hours.site = around.site
        and shop_hours.delay = around.delay and shop_hours.hour = around.at_hour and shop_hours.merchant_id = around.merchant_id
    group by all
),

own_sites as (
    select step, carrier, site, delay, merchant_id, sum(parcels) as site_parcels, sum(slow) as site_slow
    from shop_hours
    group by step, carrier, site, delay, merchant_id
),

own_carriers as (
    select step, carrier, delay, merchant_id, sum(site_parcels) as carrier_parcels, sum(site_slow) as carrier_slow
    from own_sites
    group by step, carrier, delay, merchant_id
),

slow_shops as (
    select
        step, carrier, site, delay, hour,
        count(distinct merchant_id) over (partition by step, carrier, site, delay order by hour range between 12 preceding and 12 following) as shops
    from begun
    where slow > 0 or merchant_id is null
),

left_out as (
    select
        asking.*,
        everybody.near_parcels - own_hours.near_parcels as near_parcels,
        everybody.near_slow - own_hours.near_slow as near_slow,
        everybody.wide_parcels - own_hours.wide_parcels as wide_parcels,
        everybody.wide_slow - own_hours.wide_slow as wide_slow,
        everybody.site_parcels - own_sites.site_parcels as site_parcels,
        everybody.site_slow - own_sites.site_slow as site_slow,
        (everybody.carrier_slow - own_carriers.carrier_slow + 10.0) / (everybody.carrier_parcels - own_carriers.carrier_parcels + 1000)
            as carrier_rate,
        greatest(slow_shops.shops - case when own_hours.wide_slow > 0 then 1 else 0 end, 0) as slow_shops
    from asking
    inner join everybody using (step, carrier, site, delay, hour)
    inner join own_hours using (step, carrier, site, delay, hour, merchant_id)
    inner join own_sites using (step, carrier, site, delay, merchant_id)
    inner join own_carriers using (step, carrier, delay, merchant_id)
    left join (select distinct * from slow_shops) as slow_shops using (step, carrier, site, delay, hour)
),

rated as (
    select
        *,
        case when near_parcels >= 30 then near_parcels else wide_parcels end as parcels,
        case when near_parcels >= 30 then near_slow else wide_slow end as slow,
        (site_slow + 200 * carrier_rate) / (site_parcels + 200) as site_rate
    from left_out
),

drawn as (
    select *, (near_slow + 30 * (wide_slow + 30 * site_rate) / (wide_parcels + 30)) / (near_parcels + 30) as rate
    from rated
),

bounded as (
    select *, share_low(slow, parcels) as slow_low, share_high(slow, parcels) as slow_high
    from drawn
)

select
    step, carrier, site, delay, hour, merchant_id, cast(parcels as bigint) as parcels, cast(slow as bigint) as slow,
    coalesce(slow_shops, 0) as slow_shops, slow_low, slow_high,
    case when parcels > 0 then greatest(1 - site_rate / rate, slow_low, 0.0) end as carrier_share
from bounded
