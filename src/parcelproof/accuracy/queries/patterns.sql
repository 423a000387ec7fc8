-- One row: a pattern, how many of its shipments are labelled and judged, and what the judge said of them.
select
    pattern,
    truth,
    count(*) as shipments,
    count(*) filter (where outcome = 'violation') as violations,
    count(*) filter (where outcome in ('violation', 'suspected')) as accused,
    count(*) filter (where outcome = 'undetermined') as undetermined,
    count(*) filter (where outcome in ('violation', 'suspected') and offence = truth) as right_offence
from compared
where judged and truth is not null and source <> 'appeal'
group by pattern, truth
order by truth = 'honest', truth, pattern
