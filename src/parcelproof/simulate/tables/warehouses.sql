-- One row: a registered shared warehouse.
select key_for('sender', sender_name) as sender_key, 'warehouse ' || min(sender_no) as operator, utc(-86400 * 200) as registered_at
from shops
where sender = 'warehouse'
group by sender_name
order by sender_key
