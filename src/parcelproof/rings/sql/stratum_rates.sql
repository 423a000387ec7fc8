-- One row: a stratum and the share of its pairs that are flagged.
select stratum, sum(flag) / cast(count(*) as double) as rate
from ring_pairs
group by stratum
