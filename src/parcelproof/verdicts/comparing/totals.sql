-- One row a side: shipments, shops, money, measures, and decisions that can be appealed against.
select
    side,
    count(*) filter (where outcome = 'violation') as violations,
    count(*) filter (where outcome = 'suspected') as suspected,
    count(*) filter (where outcome = 'undetermined') as undetermined,
    count(*) filter (where outcome = 'clear') as clear,
    count(distinct merchant_id) filter (where outcome = 'violation') as merchants,
    (select coalesce(sum(amount), 0)::decimal(18,2) from charges_of_both where charges_of_both.side = v.side) as money,
    (select count(*) from charges_of_both where charges_of_both.side = v.side) as charges,
    (select count(*) from measures_of_both where measures_of_both.side = v.side) as measures,
    (select count(*) from decisions where decisions.side = v.side) as decisions
from verdicts_of_both as v
group by side
