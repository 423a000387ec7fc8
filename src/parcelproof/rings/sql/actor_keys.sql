-- One row: an actor that is left in a draw, and the weight of its pairs.
select draw, b, cast(sum(w) as bigint) as w
from $live
group by draw, b
