-- One row an indicator, status and excuse: on how many shipments.
select indicator, status, excuse, count(*) as shipments
from findings
group by all
order by all
