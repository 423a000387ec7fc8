-- One row: an order paid by then, its weak facts as bits, whether its parcel shows that the goods were sent, and its window, the
-- newest 0. Its stratum is what the shop sells and the weight class of the goods: weak facts are rarer on some goods than on others.
select
    orders.order_id,
    orders.paid_at,
    ring_shops.m,
    ring_buyers.c,
    coalesce(flagged_orders.flags, 0) as flags,
    coalesce(flagged_orders.sent, false) as sent,
    4 * ring_shops.category + case
        when orders.goods_weight_g is null then 0 when orders.goods_weight_g < 200 then 1 when orders.goods_weight_g < 1000 then 2 else 3
    end as stratum,
    cast(floor(hours_between(orders.paid_at, $last) / $hours) as integer) as period
from orders
inner join ring_shops on ring_shops.merchant_id = orders.merchant_id
inner join ring_buyers on ring_buyers.buyer_id = orders.buyer_id
left join flagged_orders on flagged_orders.order_id = orders.order_id
where orders.paid_at <= $last
