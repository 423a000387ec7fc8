-- One row: a buyer and a key that it shares with others, known by then; keys are numbered in the order of their names.
with known as (
    select links.kind, links.key, ring_buyers.c
    from links
    inner join ring_buyers on ring_buyers.buyer_id = links.buyer_id
    where links.kind in ($kinds) and (links.seen_at is null or links.seen_at <= $as_of)
),

shared as (
    select kind, key, cast(row_number() over (order by kind, key) as bigint) as b
    from known
    group by kind, key
    having min(c) < max(c)
)

select distinct shared.b, known.kind, known.c
from known
inner join shared on shared.kind = known.kind and shared.key = known.key
