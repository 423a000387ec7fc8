-- One row: an actor with flags that the search may see, and how many.
select b, count(*) as flagged
from units
where flag = 1 and not held
group by b
