-- One row: an actor at a shop for a buyer, in numbers: however often they traded, and flagged where any of it was.
select ring_actors.b, ring_shops.m, ring_buyers.c, max(case when flagged then 1 else 0 end) as flag, max(stratum) as stratum
from ring_orders
inner join ring_actors on ring_actors.actor = ring_orders.actor
inner join ring_shops on ring_shops.shop = ring_orders.shop
inner join ring_buyers on ring_buyers.buyer = ring_orders.buyer
group by ring_actors.b, ring_shops.m, ring_buyers.c
