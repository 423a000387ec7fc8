-- One row: a shop that is tied to others, and the least number among itself and those tied to it, or to the shop of that number.
select reached.m, min(labels.label) as label
from (
    select m, n from $ties
    union all
    select n as m, m as n from $ties
    union all
    select m, m as n from labels
    union all
    select m, label as n from labels
) as reached
inner join labels on labels.m = reached.n
group by reached.m
