-- One row a merchant among the first $top by violations or by money in $currency. Identifiers are cut at 120 characters.
with judged as (
    select
        merchant_id,
        count(*) as shipments,
        count_if(outcome = 'violation') as violations,
        count_if(outcome = 'suspected') as suspected,
        count_if(outcome = 'undetermined') as undetermined
    from verdicts
    group by merchant_id
),

money as (
    select merchant_id, sum(amount) filter (where currency is not distinct from $currency) as amount
    from charges
    group by merchant_id
),

striking as (
    select merchant_id, count(*) as strikes
    from strikes
    group by merchant_id
),

ranked as (
    select
        judged.*,
        coalesce(money.amount, 0) as amount,
        coalesce(striking.strikes, 0) as strikes,
        row_number() over (order by violations desc, violations / shipments desc, suspected desc, judged.merchant_id) as by_violations,
        row_number() over (order by coalesce(money.amount, 0) desc, violations desc, judged.merchant_id) as by_money,
        count(*) over () as merchants
    from judged
    left join money on money.merchant_id = judged.merchant_id
    left join striking on striking.merchant_id = judged.merchant_id
)

select
    left(merchant_id, 120) as merchant_id, shipments, violations, suspected, undetermined, amount, strikes, merchants
from ranked
where (by_violations <= $top and violations + suspected > 0) or (by_money <= $top and amount > 0)
order by by_violations
