-- One row: an order of a ring; of several rings, the surest.
select order_id, merchant_id, ring_id, p_value
from (
    select orders.order_id, orders.merchant_id, named.ring_id, named.p_value, row_number() over (partition by orders.order_id order by named.p_value, named.ring_id) as place
    from ring_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
)
where place = 1
