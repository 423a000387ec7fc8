-- One row: a member of a ring. A shop whose own conduct does not fit is a possible victim of a rival's brushing: five or more
-- orders of the ring show that it sent the goods, and no more than twice as many carry a weak fact of the merchant's making
-- as its orders outside all rings let expect. Where goods are too light to tell, nobody knows, and it stays a member.
with inside as (
    select named.ring_id, orders.*
    from ring_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
),

ringed as (
    select distinct order_id
    from inside
),

outside as (
    select
        ring_shops.merchant_id,
        sum(case when ringed.order_id is null then 1 else 0 end) as n,
        sum(case when ringed.order_id is null and orders.flags & $merchant_flags > 0 then 1 else 0 end) as made
    from windowed_orders as orders
    inner join ring_shops on ring_shops.m = orders.m
    left join ringed on ringed.order_id = orders.order_id
    group by ring_shops.merchant_id
),

rate as (
    select coalesce(sum(made) / cast(nullif(sum(n), 0) as double), 0) as made
    from outside
),

shops as (
    select
        inside.ring_id, inside.merchant_id, count(*) as n, sum(case when inside.flags > 0 then 1 else 0 end) as flagged,
        sum(case when inside.flags & $merchant_flags > 0 then 1 else 0 end) as made, sum(case when inside.sent then 1 else 0 end) as sent
    from inside
    group by inside.ring_id, inside.merchant_id
)

select
    shops.ring_id, 'merchant' as member_kind, shops.merchant_id as member_id, shops.n as orders, cast(shops.flagged as bigint) as flagged_orders,
    case
        when shops.sent >= 5 and shops.made <= 2 * shops.n * (outside.made + 20 * rate.made) / (outside.n + 20) then 'possible_victim'
        else 'member'
    end as role
from shops
inner join outside on outside.merchant_id = shops.merchant_id
cross join rate
union all
select ring_id, 'buyer', buyer_id, count(*), cast(sum(case when flags > 0 then 1 else 0 end) as bigint), 'member'
from inside
group by ring_id, buyer_id
