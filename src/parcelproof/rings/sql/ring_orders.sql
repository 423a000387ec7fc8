-- One row: an order of a ring.
select named.ring_id, orders.order_id, orders.merchant_id, orders.buyer_id, orders.flags > 0 as flagged
from ring_names as named
inner join all_block_orders as orders on orders.candidate = named.candidate
