-- One row a ring and kind of key: how many keys how many of its buyers share.
select ring_id, kind, keys, buyers
from ring_shares
where ring_id in ($rings)
order by ring_id, buyers desc, kind
