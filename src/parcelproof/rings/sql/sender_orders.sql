-- One row: an order of a window and the sender that it went out from, where several shops use it and nobody registered it; any
-- other order stands for its buyer.
with sent as (
    select distinct declarations.order_id, parcels.sender_key
    from declarations
    inner join parcels on parcels.carrier = declarations.carrier and parcels.waybill_no = declarations.waybill_no
    where parcels.sender_key is not null and parcels.sender_key not in (select sender_key from warehouses)
),

shared as (
    select sent.sender_key
    from sent
    inner join windowed_orders as orders on orders.order_id = sent.order_id
    where orders.period = $period
    group by sent.sender_key
    having min(orders.merchant_id) < max(orders.merchant_id)
),

kept as (
    select sent.order_id, sent.sender_key
    from sent
    inner join shared on shared.sender_key = sent.sender_key
)

select
    orders.order_id, case when kept.sender_key is null then concat('buyer ', orders.buyer_id) else concat('key ', kept.sender_key) end as actor,
    kept.sender_key is not null as shared, orders.merchant_id, orders.buyer_id, orders.flags, orders.stratum
from windowed_orders as orders
left join kept on kept.order_id = orders.order_id
where orders.period = $period
