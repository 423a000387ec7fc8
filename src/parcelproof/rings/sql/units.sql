-- One row: a pair that counts once. `w` is how surprising it is that this actor meets this shop, in thousandths, whole so
-- that sums do not depend on their order. `base` is a fair draw of 30 bits from the numbers of the pair alone, `held` keeps
-- a quarter of the flags out of the search, and a shuffle flags the pair where its draw stays below `bar` of 2^31 - 1.
-- Squares modulo a prime mix well, and fit in 64 bits on every engine.
with weighed as (
    select
        pairs.b, pairs.m, pairs.c, pairs.flag, rates.rate,
        cast(round(1000 * ln(1 + $edges / (cast(actors.d as double) * shops.d))) as integer) as w,
        (cast(pairs.b as bigint) * 48271 + cast(pairs.m as bigint) * 69621 + cast(pairs.c as bigint) * 40692 + 11) % 2147483647 as x
    from ring_pairs as pairs
    inner join actor_degrees as actors on actors.b = pairs.b
    inner join shop_degrees as shops on shops.m = pairs.m
    inner join stratum_rates as rates on rates.stratum = pairs.stratum
),

once as (
    select *, (x * x + b) % 2147483647 as y
    from weighed
),

twice as (
    select *, (y * y + m) % 2147483647 as z
    from once
)

select
    b, m, c, cast(flag as tinyint) as flag, w,
    cast(z % 1073741824 as integer) as base,
    cast(rate * 2147483647 as integer) as bar,
    y % 4 = 0 as held
from twice
