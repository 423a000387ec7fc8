-- One row a side: frauds proved and caught (proved or suspected), honest shipments convicted and accused, by the labels.
-- Who appeals has reason to, and is no sample.
select
    a.side,
    count(*) filter (where b.truth <> 'honest') as frauds,
    count(*) filter (where b.truth <> 'honest' and a.outcome = 'violation') as proved,
    count(*) filter (where b.truth <> 'honest' and a.outcome in ('violation', 'suspected')) as caught,
    count(*) filter (where b.truth = 'honest') as honest,
    count(*) filter (where b.truth = 'honest' and a.outcome = 'violation') as convicted,
    count(*) filter (where b.truth = 'honest' and a.outcome in ('violation', 'suspected')) as accused
from verdicts_of_both as a
inner join labels as b
    on b.order_id = a.order_id and b.carrier is not distinct from a.carrier and b.waybill_no is not distinct from a.waybill_no
where b.source <> 'appeal'
group by a.side
