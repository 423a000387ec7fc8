-- One row: an order with a weak physical fact, and a bit for each that any of its standing parcels has.
select order_id, bit_or(flags) as flags
from (select f.order_id, $flags as flags from facts as f where f.withdrawn_at is null)
where flags > 0
group by order_id
