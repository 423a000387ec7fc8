-- One row: a pair of a group of tied shops and an actor that meets three of them, or two where there are no more than three.
with pairs as (
    select distinct units.b, units.m
    from units
    inner join labels on labels.m = units.m
    where labels.label = $label
),

shops as (
    select count(distinct m) as n
    from pairs
)

select b, m
from pairs
where b in (select pairs.b from pairs cross join shops group by pairs.b having count(*) >= max(case when shops.n > 3 then 3 else 2 end))
