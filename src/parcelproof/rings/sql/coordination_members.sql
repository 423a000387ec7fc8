-- One row: a member of a group that acts together.
with inside as (
    select named.ring_id as group_id, orders.merchant_id, orders.buyer_id
    from group_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
)

select group_id, 'merchant' as member_kind, merchant_id as member_id, count(*) as orders
from inside
group by group_id, merchant_id
union all
select group_id, 'buyer', buyer_id, count(*)
from inside
group by group_id, buyer_id
