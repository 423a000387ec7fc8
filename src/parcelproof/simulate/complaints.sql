-- One row: one complaint, upheld four days after the delivery.
select order_id, 'empty_parcel' as kind, collected_at + to_hours(60) as opened_at, true as upheld, collected_at + to_hours(130) as decided_at
from world
where pattern = 'empty_parcel'
order by order_id
