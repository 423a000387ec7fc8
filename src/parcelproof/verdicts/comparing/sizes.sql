-- One row a size of shop and side: its shops, how many have a violation, violations, money, measures, decisions.
with counted as (
    select side, merchant_id, 'verdict' as what, 0 as amount from verdicts_of_both where outcome = 'violation'
    union all
    select side, merchant_id, 'charge', amount from charges_of_both
    union all
    select side, merchant_id, 'measure', 0 from measures_of_both
    union all
    select side, merchant_id, 'decision', 0 from decisions
)

select
    shops.size,
    sides.side,
    count(distinct shops.merchant_id) as shops,
    count(distinct shops.merchant_id) filter (where counted.what = 'verdict') as hit,
    count(*) filter (where counted.what = 'verdict') as violations,
    coalesce(sum(counted.amount), 0)::decimal(18,2) as money,
    count(*) filter (where counted.what = 'measure') as measures,
    count(*) filter (where counted.what = 'decision') as decisions
from shops
cross join (values ('old'), ('new')) as sides(side)
left join counted on counted.merchant_id = shops.merchant_id and counted.side = sides.side
group by shops.size, sides.side
order by min(shops.shipments), sides.side
