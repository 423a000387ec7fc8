-- One row: a pattern and a check that finds something.
select pattern, shipments, unnest(places) as place, unnest(statuses) as answer, unnest(bits) as bits
from patterns
