-- One row a ring and weak fact: on how many of its orders, and of all orders.
select ring_id, flag, orders, market_orders, all_orders
from ring_flags
where ring_id in ($rings)
order by ring_id, orders desc, flag
