-- One row: a shop with three parcels or more that were signed for within ten minutes of the outlet with no delivery scan, and how
-- often that is so, for sure (95 in 100, Wilson), as a multiple of other shops' share. A station that signs in bulk does it to all shops.
with by_shop as (
    select
        merchant_id,
        count(*) as parcels,
        count(*) filter (where minutes_outlet_to_sign < 10 and not had_delivery_scan) as at_once
    from shipments
    where delivered_at is not null and minutes_outlet_to_sign is not null
    group by merchant_id
),

beside as (
    select *, sum(parcels) over () - parcels as other_parcels, sum(at_once) over () - at_once as other_at_once
    from by_shop
)

select
    merchant_id,
    share_low(at_once, parcels) / ((other_at_once + 1) / (other_parcels + 100)) as shop_endings_ratio
from beside
where at_once >= 3 and merchant_id is not null
