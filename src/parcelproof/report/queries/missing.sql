-- One row a fact and indicator: on how many shipments the indicator is unknown while that fact is.
select fact, indicator, findings
from missing_facts
order by all
