-- One row: an order of a window and the key that its buyer shares with others, known by then; an order whose buyer shares none
-- stands for its buyer, so that a shop's other orders are all of them.
with known as (
    select distinct links.buyer_id, links.key
    from links
    inner join (select distinct buyer_id from windowed_orders where period = $period) as buyers on buyers.buyer_id = links.buyer_id
    where links.kind = $kind and (links.seen_at is null or links.seen_at <= $as_of)
),

shared as (
    select key
    from known
    group by key
    having count(*) >= 2
),

kept as (
    select known.buyer_id, known.key
    from known
    inner join shared on shared.key = known.key
)

select
    orders.order_id, case when kept.key is null then concat('buyer ', orders.buyer_id) else concat('key ', kept.key) end as actor,
    kept.key is not null as shared, orders.merchant_id, orders.buyer_id, orders.flags, orders.stratum
from windowed_orders as orders
left join kept on kept.buyer_id = orders.buyer_id
where orders.period = $period
