-- One row: a pattern and a check that finds something. Few findings differ in more than their shipment: `kind`, from 0, numbers them.
select *, dense_rank() over (order by place, answer, bits) - 1 as kind
from (select pattern, shipments, unnest(places) as place, unnest(statuses) as answer, unnest(bits) as bits from patterns) as found
