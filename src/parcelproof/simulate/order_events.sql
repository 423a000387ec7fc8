-- One row: what a buyer asked for: here, another address.
select order_id, 'address_changed' as kind, declared_at as happened_at, '230102' as adcode
from world
where pattern = 'honest_address_changed'
order by order_id
