-- One row: a group that acts together beyond chance and has nothing physical against it: families, offices, fans, or brushing
-- that leaves no trace. It is ranked for a person to look at, and convicts nobody.
select
    named.ring_id as group_id,
    count(distinct orders.merchant_id) as merchants,
    count(distinct orders.buyer_id) as buyers,
    count(*) as orders,
    cast(max(named.flagged) as bigint) as score,
    round(max(named.expected), 3) as expected_score,
    max(named.p_value) as p_value
from group_names as named
inner join all_block_orders as orders on orders.candidate = named.candidate
group by named.ring_id
