-- One row: a ring. `score` is the flagged pairs of buyer and shop inside, `expected_score` what the same shops' other orders let
-- expect, `p_value` the chance of that by the flags that the search did not see.
select
    named.ring_id,
    count(distinct orders.merchant_id) as merchants,
    count(distinct orders.buyer_id) as buyers,
    count(*) as orders,
    cast(max(named.flagged) as bigint) as score,
    round(max(named.expected), 3) as expected_score,
    max(named.p_value) as p_value,
    sum(case when orders.flags > 0 then 1 else 0 end)::bigint as flagged_orders,
    max(named.permutation_p) as permutation_p,
    max(named.sides) as sides,
    bool_or(named.coordinated) as coordinated,
    min(windowed_orders.paid_at) as first_paid_at,
    max(windowed_orders.paid_at) as last_paid_at
from ring_names as named
inner join all_block_orders as orders on orders.candidate = named.candidate
inner join windowed_orders on windowed_orders.order_id = orders.order_id
group by named.ring_id
