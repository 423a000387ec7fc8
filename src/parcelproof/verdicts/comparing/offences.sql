-- One row an offence and side: violations and shops, suspicions, money, measures, and decisions that can be appealed against.
-- A shipment counts under its gravest offence; money and measures under each offence that carries them.
with counted as (
    select side, offence, 'verdict' as what, outcome, merchant_id, 0 as amount from verdicts_of_both where outcome in ('violation', 'suspected')
    union all
    select side, offence, 'charge', null, merchant_id, amount from charges_of_both
    union all
    select side, offence, 'measure', null, merchant_id, 0 from measures_of_both
    union all
    select side, offence, 'decision', null, merchant_id, 0 from decisions
)

select
    offence,
    side,
    count(*) filter (where outcome = 'violation') as violations,
    count(*) filter (where outcome = 'suspected') as suspected,
    count(distinct merchant_id) filter (where outcome = 'violation') as merchants,
    sum(amount)::decimal(18,2) as money,
    count(*) filter (where what = 'measure') as measures,
    count(*) filter (where what = 'decision') as decisions
from counted
group by offence, side
order by offence, side
