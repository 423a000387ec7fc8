-- One row: a shop that is left in a draw, and the weight of its pairs.
select draw, m, cast(sum(w) as bigint) as w
from $live
group by draw, m
