-- One row: an order of a block: its actor and its shop are both in it. On a side of keys, that is what is shared.
select cast($candidate as integer) as candidate, side.order_id, max(side.merchant_id) as merchant_id, max(side.buyer_id) as buyer_id, max(side.flags) as flags
from side_orders as side
inner join ring_actors on ring_actors.actor = side.actor
inner join ring_shops on ring_shops.shop = side.merchant_id
inner join block_actors on block_actors.b = ring_actors.b and block_actors.ring = $ring
inner join block_shops on block_shops.m = ring_shops.m and block_shops.ring = $ring
where side.shared
group by side.order_id
