-- One row: a shop of a block whose pairs inside are flagged more like the block than like the shop's own other pairs, as far as
-- the search may see. Honest groups that grew together with a ring fall off here, and so do shops that are its victims.
with at_shops as (
    select
        units.m,
        sum(case when in_actors.b is null then 1 else 0 end) as others,
        sum(case when in_actors.b is null then units.flag else 0 end) as flagged_others,
        avg(units.bar) / 2147483647e0 as rate,
        sum(case when in_actors.b is not null and not units.held then 1 else 0 end) as n,
        sum(case when in_actors.b is not null and not units.held then units.flag else 0 end) as flagged
    from units
    left join in_actors on in_actors.b = units.b
    where units.m in (select m from in_shops)
    group by units.m
),

rates as (
    select m, n, flagged, least(0.99, greatest(1e-3, (flagged_others + 20 * rate) / (others + 20))) as rate
    from at_shops
)

select m
from rates
where round(flagged * ln($hit / rate) + (n - flagged) * ln((1 - $hit) / (1 - rate)), 6) > 0
