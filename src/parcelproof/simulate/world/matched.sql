-- One row: an order whose story needs another one's: the latest plain order of the same shop, or, for a forged trace, the
-- first of its lot of four.
with plain as (
    select n, shop, paid, buyer, paid * 4294967296 + n as moment
    from drawn
    where pattern = 'honest'
),

behind as (
    select drawn.n, plain.n as other, plain.buyer as other_buyer, plain.paid as other_paid, cast(null as bigint) as lot_shop
    from (
        select n, shop, (paid - 3600) * 4294967296 as moment
        from drawn
        where pattern in ('honest_merged', 'honest_same_office', 'number_reused')
    ) as drawn
    asof inner join plain on plain.shop = drawn.shop and plain.moment <= drawn.moment
),

lots as (
    select n, shop, paid, pattern, (row_number() over (partition by pattern order by shop, paid, n) - 1) // 4 as lot
    from drawn
    where pattern in ('cloned_trace', 'cloned_with_jitter')
)

select * from behind
union all
select n, first_value(n) over whole, null, first_value(paid) over whole, first_value(shop) over whole
from lots
window whole as (partition by pattern, lot order by shop, paid, n)
