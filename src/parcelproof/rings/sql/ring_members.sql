-- One row: a member of a ring. A shop whose own conduct does not fit is a possible victim of a rival's brushing: five or more
-- orders of the ring show that it sent the goods, and no kind of weak fact of the merchant's making stands on two or more of them and on more
-- than twice as many as its orders outside all rings let expect. Each kind is held against itself: what is wrong with a shop's other parcels
-- in another way does not explain light ones. Where goods are too light to tell, nobody knows, and it stays a member.
with made_by_merchants as (
    select bit from (values $flags) as f(bit, flag, made_by) where made_by = 'merchant'
),

inside as (
    select named.ring_id, orders.*
    from ring_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
),

ringed as (
    select distinct order_id
    from inside
),

outside as (
    select orders.m, orders.flags
    from windowed_orders as orders
    anti join ringed on ringed.order_id = orders.order_id
),

sizes as (
    select ring_shops.merchant_id, ring_shops.m, count(outside.m) as n
    from ring_shops
    left join outside on outside.m = ring_shops.m
    group by ring_shops.merchant_id, ring_shops.m
),

made_outside as (
    select outside.m, made_by_merchants.bit, count(*) as made
    from outside
    inner join made_by_merchants on outside.flags & made_by_merchants.bit > 0
    group by outside.m, made_by_merchants.bit
),

rates as (
    select bit, sum(made) / cast((select sum(n) from sizes) as double) as made
    from made_outside
    group by bit
),

shops as (
    select
        ring_id, merchant_id, count(*) as n, sum(case when flags > 0 then 1 else 0 end) as flagged, sum(case when sent then 1 else 0 end) as sent
    from inside
    group by ring_id, merchant_id
),

made_inside as (
    select inside.ring_id, inside.merchant_id, made_by_merchants.bit, count(*) as made
    from inside
    inner join made_by_merchants on inside.flags & made_by_merchants.bit > 0
    group by inside.ring_id, inside.merchant_id, made_by_merchants.bit
),

unlike as (
    select distinct shops.ring_id, shops.merchant_id
    from shops
    inner join made_inside as kind on kind.ring_id = shops.ring_id and kind.merchant_id = shops.merchant_id
    inner join sizes on sizes.merchant_id = shops.merchant_id
    left join made_outside on made_outside.m = sizes.m and made_outside.bit = kind.bit
    left join rates on rates.bit = kind.bit
    where kind.made >= 2 and kind.made > 2 * shops.n * (coalesce(made_outside.made, 0) + 20 * coalesce(rates.made, 0)) / (sizes.n + 20)
)

select
    shops.ring_id, 'merchant' as member_kind, shops.merchant_id as member_id, shops.n as orders, cast(shops.flagged as bigint) as flagged_orders,
    case when shops.sent >= 5 and unlike.ring_id is null then 'possible_victim' else 'member' end as role
from shops
left join unlike on unlike.ring_id = shops.ring_id and unlike.merchant_id = shops.merchant_id
union all
select ring_id, 'buyer', buyer_id, count(*), cast(sum(case when flags > 0 then 1 else 0 end) as bigint), 'member'
from inside
group by ring_id, buyer_id
