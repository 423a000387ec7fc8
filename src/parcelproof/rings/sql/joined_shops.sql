-- One row: a shop at which the block's actors meet more often than chance gives it, and which lives on them (a quarter of
-- its pairs) or is far out of proportion (five times): where disguise is bought, neither holds.
with met as (
    select m, count(*) as n
    from units
    where b in (select b from in_actors)
    group by m
    having count(*) >= 3
),

tails as (
    select met.m, met.n, shops.d, shops.d * $volume / $edges as expected
    from met
    inner join shop_degrees as shops on shops.m = met.m
),

ranked as (
    select m, n, d, expected, round(log_tail(n, expected), 6) as log_p, rank() over (order by round(log_tail(n, expected), 6)) as place
    from tails
)

select m
from ranked
where log_p <= (select max(log_p) from ranked where log_p <= ln(1e-2 * place / $shops))
    and (4 * n > d or n > 5 * expected)
