-- One row a ring and shop, the largest $shops of each ring.
select ring_id, member_id as merchant_id, orders, flagged_orders, role
from ring_members
where ring_id in ($rings) and member_kind = 'merchant'
qualify row_number() over (partition by ring_id order by orders desc, member_id) <= $shops
order by ring_id, orders desc, member_id
