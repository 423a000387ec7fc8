-- One row: an actor and how many pairs it has.
select b, cast(count(*) as integer) as d
from ring_pairs
group by b
