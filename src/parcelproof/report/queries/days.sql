-- One row a local day, outcome and offence: how many shipments acted on that day. A null day has no time of act.
-- Quarters of an hour first: no zone's offset is finer, and a few thousand of them are turned into local days quickly.
with quarters as (
    select
        time_bucket(interval 15 minutes, act_time) as quarter,
        case when outcome = 'violation' then offence end as offence,
        count(*) as shipments
    from verdicts
    group by all
)

select cast(timezone($zone, timezone('UTC', quarter)) as date) as day, offence, sum(shipments)::bigint as shipments
from quarters
group by all
order by all
