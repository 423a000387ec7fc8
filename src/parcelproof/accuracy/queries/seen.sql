-- One row: an offence of which shipments are in violation, and what is known of these. With an audit only its answers, and
-- the appeals, speak for the accused: other labels were not drawn at random.
with kinds as (select bool_or(source = 'audit') as audited from compared),

known as (
    select compared.*
    from compared
    cross join kinds
    where outcome = 'violation' and (source = 'appeal' or (source = 'audit') = coalesce(kinds.audited, false))
),

accused as (select offence, count(*) as accused from verdicts where outcome = 'violation' group by offence)

select
    accused.offence,
    accused.accused,
    count(*) filter (where known.source <> 'appeal' and known.truth is not null) as labels,
    count(*) filter (where known.source <> 'appeal' and known.truth = 'honest') as innocent,
    count(*) filter (where known.source = 'audit' and known.truth is null) as unanswered,
    count(*) filter (where known.source = 'appeal' and known.truth is not null) as appealed,
    count(*) filter (where known.source = 'appeal' and known.truth = 'honest') as overturned
from accused
left join known on known.offence = accused.offence
group by accused.offence, accused.accused
order by accused.offence
