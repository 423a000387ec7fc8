-- One row: a shop and how many pairs it has.
select m, cast(count(*) as integer) as d
from ring_pairs
group by m
