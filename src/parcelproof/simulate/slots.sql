-- One row: one of $count equally likely slots, and what it stands for; a weighted choice is then one join.
with upto as (
    select value, sum(weight) over (order by value) / sum(weight) over () as upto
    from ($weights) as weights
),

points as (select slot, (slot + 0.5) / $count as point from range($count) as series(slot))

select points.slot, upto.value
from points
asof inner join upto on points.point <= upto.upto
