-- One row: an order and the sender that it went out from, where several shops use it, nobody registered it, and it sends less
-- than half of what the shop sells: else it is the shop's own warehouse. Senders are numbered in the order of their names.
with shared as (
    select sender_key, cast(row_number() over (order by sender_key) as bigint) as b
    from senders
    where sender_shops >= 2 and not sender_registered
),

sent as (
    select distinct shipments.order_id, shared.b
    from shipment_labels as labels
    inner join shared on shared.sender_key = labels.sender_key
    inner join shipments on shipments.shipment = labels.shipment
    where shipments.withdrawn_at is null
),

shops as (
    select m, count(*) as n
    from windowed_orders
    group by m
),

placed as (
    select orders.order_id, orders.period, sent.b, orders.m, orders.c, orders.flags, orders.stratum, count(*) over (partition by sent.b, orders.m) as n
    from sent
    inner join windowed_orders as orders on orders.order_id = sent.order_id
)

select placed.order_id, placed.period, placed.b, placed.m, placed.c, placed.flags, placed.stratum
from placed
inner join shops on shops.m = placed.m
where 2 * placed.n < shops.n
