-- One row: a buyer and its number in the order of its name.
select cast(row_number() over (order by buyer) as integer) as c, buyer
from (select distinct buyer from ring_orders)
