-- One row: an order with more than one declared number, and how many of them stand.
select
    order_id,
    count(*) as numbers_on_order,
    count(*) filter (where withdrawn_at is null) as numbers_standing
from shipment_keys
where declared_at is not null
group by order_id
having count(*) > 1
