-- One row: an order and a key that its buyer shares.
select orders.order_id, orders.period, ring_keys.b, orders.m
from windowed_orders as orders
inner join ring_keys on ring_keys.c = orders.c and ring_keys.kind = $kind
