-- One row a kind of measure: how many are proposed, and for how much.
select offence, measure, target_kind, needs_human, currency, count(*) as measures, sum(amount) as amount
from measures
group by all
order by count(*) desc, offence, measure, target_kind, needs_human, currency
limit 60
