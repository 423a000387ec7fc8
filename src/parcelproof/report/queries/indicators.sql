-- One row an indicator, status and excuse: on how many shipments.
select indicator, status, excuse, shipments
from finding_counts
order by all
