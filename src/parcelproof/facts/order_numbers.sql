-- One row: an order with more than one declared number, how many of them stand, and when the first of these was picked up:
-- with it the order was shipped. So it was with a number that the shop withdrew because its parcel came to grief on the way:
-- its trace ends with trouble, or with the way back.
select
    order_id,
    count(*) as numbers_on_order,
    count(*) filter (where withdrawn_at is null) as numbers_standing,
    min(collected_at) filter (where withdrawn_at is null or last_stage_code in (10, 11, 12)) as shipped_at
from shipments
where declared_at is not null
group by order_id
having count(*) > 1
