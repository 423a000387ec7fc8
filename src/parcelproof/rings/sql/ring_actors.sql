-- One row: an actor (a buyer, or a key that buyers share) and its number in the order of its name, so that no order of rows shows.
select cast(row_number() over (order by actor) as integer) as b, actor
from (select distinct actor from ring_orders)
