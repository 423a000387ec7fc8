-- One row a ring, the surest $top: its counts, what was expected, and how many rings there are.
select ring_id, merchants, buyers, orders, score, expected_score, p_value, permutation_p, sides, coordinated, first_paid_at, last_paid_at, count(*) over () as rings
from rings
order by p_value, ring_id
limit $top
