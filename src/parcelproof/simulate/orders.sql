-- One row: one order of the simulated marketplace.
select
    order_id, merchant_id, 'B' || md5(order_id)[1:12] as buyer_id, 'P' || merchant_id as product_id, 'standard' as kind, 'standard' as mode,
    paid_at - to_minutes(3) as placed_at, paid_at, cast(amount as decimal(18,2)) as amount_paid, cast(amount as decimal(18,2)) as unit_price,
    cast(1 as bigint) as quantity, 'CNY' as currency, cast(400 as bigint) as goods_weight_g, paid_at + to_hours(48) as promised_ship_at,
    destination as adcode, md5('r' || order_id) as recipient_key, md5('p' || order_id) as phone_key, 'completed' as status
from world
order by order_id
