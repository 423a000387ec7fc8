-- One row: a buyer who bought something by then, and its number in the order of its name.
select cast(row_number() over (order by buyer_id) as bigint) as c, buyer_id
from (select distinct buyer_id from orders where paid_at <= $as_of and buyer_id is not null)
