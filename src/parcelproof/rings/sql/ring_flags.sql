-- One row: a ring and a weak fact, on how many of its orders it stands, and on how many of all orders.
with flags as (
    select * from (values $flags) as f(bit, flag, made_by)
),

inside as (
    select named.ring_id, flags.flag, flags.made_by, flags.bit, count(*) as ring_orders, sum(case when orders.flags & flags.bit > 0 then 1 else 0 end) as orders
    from ring_names as named
    inner join all_block_orders as orders on orders.candidate = named.candidate
    cross join flags
    group by named.ring_id, flags.flag, flags.made_by, flags.bit
),

market as (
    select flags.bit, sum(case when orders.flags & flags.bit > 0 then 1 else 0 end) as orders, count(*) as n
    from windowed_orders as orders
    cross join flags
    group by flags.bit
)

select inside.ring_id, inside.flag, inside.made_by, cast(inside.orders as bigint) as orders, cast(market.orders as bigint) as market_orders, market.n as all_orders
from inside
inner join market on market.bit = inside.bit
where inside.orders > 0
