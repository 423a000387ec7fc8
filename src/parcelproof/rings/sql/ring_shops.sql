-- One row: a shop and its number in the order of its name.
select cast(row_number() over (order by shop) as integer) as m, shop
from (select distinct shop from ring_orders)
