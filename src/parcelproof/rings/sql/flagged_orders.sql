-- One row: an order with a weak physical fact, a bit for each that any of its standing parcels has, or one whose parcel shows
-- that the goods were sent.
select order_id, bit_or(flags) as flags, bool_or(sent) as sent
from (select f.order_id, $flags as flags, coalesce($sent, false) as sent from facts as f where f.withdrawn_at is null)
where flags > 0 or sent
group by order_id
