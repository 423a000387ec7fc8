-- One row: a member of a ring. A shop whose own conduct does not fit is a possible victim of a rival's brushing: of five or more
-- orders of the ring none or few more carry a weak fact of the merchant's making than of its other orders.
with inside as (
    select named.ring_id, orders.*
    from ring_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
),

shop_orders as (
    select merchant_id, count(*) as n, sum(case when flags & $merchant_flags > 0 then 1 else 0 end) as made
    from windowed_orders
    group by merchant_id
),

rate as (
    select coalesce(sum(made) / cast(sum(n) as double), 0) as made
    from shop_orders
),

shops as (
    select
        ring_id, merchant_id, count(*) as n, sum(case when flags > 0 then 1 else 0 end) as flagged,
        sum(case when flags & $merchant_flags > 0 then 1 else 0 end) as made
    from inside
    group by ring_id, merchant_id
)

select
    shops.ring_id, 'merchant' as member_kind, shops.merchant_id as member_id, shops.n as orders, cast(shops.flagged as bigint) as flagged_orders,
    case
        when shops.n >= 5 and shops.made <= 2 * shops.n * (whole.made - shops.made + 20 * rate.made) / (whole.n - shops.n + 20) then 'possible_victim'
        else 'member'
    end as role
from shops
inner join shop_orders as whole on whole.merchant_id = shops.merchant_id
cross join rate
union all
select ring_id, 'buyer', buyer_id, count(*), cast(sum(case when flags > 0 then 1 else 0 end) as bigint), 'member'
from inside
group by ring_id, buyer_id
