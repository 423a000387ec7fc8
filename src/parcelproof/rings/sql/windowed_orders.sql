-- One row: an order paid by then, its weak facts as bits, and its window, the newest 0. Its stratum is what the shop sells and
-- the weight class of the goods: weak facts are rarer on some goods than on others.
select
    orders.order_id,
    orders.merchant_id,
    orders.buyer_id,
    orders.paid_at,
    coalesce(flagged_orders.flags, 0) as flags,
    concat(
        coalesce(merchants.category, ''), '/', case
            when orders.goods_weight_g is null then '' when orders.goods_weight_g < 200 then 's' when orders.goods_weight_g < 1000 then 'm' else 'l'
        end
    ) as stratum,
    cast(floor(hours_between(orders.paid_at, $as_of) / $hours) as integer) as period
from orders
left join flagged_orders on flagged_orders.order_id = orders.order_id
left join merchants on merchants.merchant_id = orders.merchant_id
where orders.paid_at <= $as_of and orders.merchant_id is not null and orders.buyer_id is not null
