-- One row: a ring and a kind of link: how many of its buyers share a key with another of its buyers, and how many keys that is.
with buyers as (
    select distinct named.ring_id, orders.buyer_id
    from ring_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
),

keys as (
    select buyers.ring_id, links.kind, links.key, count(distinct links.buyer_id) as n
    from buyers
    inner join links on links.buyer_id = buyers.buyer_id
    where links.kind in ($links)
    group by buyers.ring_id, links.kind, links.key
    having count(distinct links.buyer_id) >= 2
)

select keys.ring_id, keys.kind, count(distinct keys.key) as keys, count(distinct links.buyer_id) as buyers
from keys
inner join links on links.kind = keys.kind and links.key = keys.key
inner join buyers on buyers.ring_id = keys.ring_id and buyers.buyer_id = links.buyer_id
group by keys.ring_id, keys.kind
