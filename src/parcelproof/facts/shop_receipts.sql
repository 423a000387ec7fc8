-- One row: a shop with three parcels or more that its buyers confirmed within ten minutes of the delivery and reviewed within ten more, and
-- how often that is so at least, as a multiple of other shops' share at most (Wilson, 95 in 100). Glad buyers do it in every shop; where there
-- is no other, nobody knows.
with by_shop as (
    select
        shipments.merchant_id,
        count(*) as parcels,
        count(*) filter (
            where order_receipts.confirmed_by = 'buyer'
            and minutes_between(shipments.delivered_at, order_receipts.confirmed_at) < 10
            and minutes_between(order_receipts.confirmed_at, order_receipts.reviewed_at) < 10
        ) as hasty
    from shipments
    inner join order_receipts using (order_id)
    where shipments.delivered_at is not null and order_receipts.confirmed_at is not null
    group by shipments.merchant_id
),

beside as (
    select *, sum(parcels) over () - parcels as other_parcels, sum(hasty) over () - hasty as other_hasty
    from by_shop
)

select
    merchant_id,
    share_low(hasty, parcels) / share_high(other_hasty, other_parcels) as shop_receipts_ratio
from beside
where hasty >= 3 and merchant_id is not null
