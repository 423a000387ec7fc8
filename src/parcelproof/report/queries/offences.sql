-- One row an outcome and offence: how many shipments.
select outcome, offence, count(*) as shipments
from verdicts
group by all
order by all
