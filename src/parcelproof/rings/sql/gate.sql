-- One row: flags inside a block against what the same shops' other pairs, and the same actors' other shops, let expect. The
-- search saw no flag that is `held`, and a blind one saw none, so their tail is a fair p value. A shop with few others
-- leans on its stratum (20 pairs). Actors whose pairs elsewhere are flagged more than their strata expect, such as the
-- tenants of one careless pickup station, raise what is expected of all: as many times as that, and at least to their rate.
with at_shops as (
    select
        units.m,
        sum(case when in_actors.b is null then 1 else 0 end) as others,
        sum(case when in_actors.b is null then units.flag else 0 end) as flagged_others,
        avg(units.bar) / 2147483647e0 as rate,
        sum(case when in_actors.b is not null then 1 else 0 end) as n,
        sum(case when in_actors.b is not null then units.flag else 0 end) as flagged,
        sum(case when in_actors.b is not null and (units.held or $blind) then 1 else 0 end) as n_held,
        sum(case when in_actors.b is not null and (units.held or $blind) then units.flag else 0 end) as flagged_held
    from units
    left join in_actors on in_actors.b = units.b
    where units.m in (select m from in_shops)
    group by units.m
),

elsewhere as (
    select
        greatest(1, (coalesce(sum(flag), 0) + 5) / (coalesce(sum(bar), 0) / 2147483647e0 + 5)) as times,
        (coalesce(sum(flag), 0) + 20 * coalesce(avg(bar), 0) / 2147483647e0) / (count(*) + 20) as rate
    from units
    where b in (select b from in_actors) and m not in (select m from in_shops)
),

rates as (
    select at_shops.*, greatest(elsewhere.rate, elsewhere.times * (flagged_others + 20 * at_shops.rate) / (others + 20)) as expected
    from at_shops
    cross join elsewhere
)

select
    coalesce(sum(n), 0) as pairs,
    coalesce(sum(flagged), 0) as flagged,
    coalesce(sum(flagged_held), 0) as flagged_held,
    coalesce(round(sum(n * expected), 6), 0e0) as expected,
    coalesce(round(sum(n_held * expected), 6), 0e0) as expected_held
from rates
