-- One row: a part of a table of pairs, the weightiest first.
select labels.label
from $pairs as pairs
inner join labels on labels.m = pairs.m
group by labels.label
order by count(*) desc, labels.label
limit $most
