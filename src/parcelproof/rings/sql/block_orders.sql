-- One row: an order of a block: its actor and its shop are both in it. On a side of keys, that is what is shared. What the same
-- actors bought at the same shops in the window before or after belongs to it: a ring knows nothing of our windows.
select distinct cast($candidate as integer) as candidate, orders.order_id, ring_shops.merchant_id, ring_buyers.buyer_id, orders.flags, orders.sent
from side_orders as side
inner join (select unnest([$actors]) as b) as actors on actors.b = side.b
inner join (select unnest([$shops]) as m) as shops on shops.m = side.m
inner join windowed_orders as orders on orders.order_id = side.order_id
inner join ring_shops on ring_shops.m = orders.m
inner join ring_buyers on ring_buyers.c = orders.c
where side.period between $period - 1 and $period + 1
