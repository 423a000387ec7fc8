-- One row: a group of tied shops, its shops, the actors that meet two or more of them, and how surprising its ties are together.
with met as (
    select labels.label, units.b, count(distinct units.m) as n
    from units
    inner join labels on labels.m = units.m
    group by labels.label, units.b
    having count(distinct units.m) >= 2
),

ties as (
    select labels.label, sum(tied_shops.log_p) as log_p
    from tied_shops
    inner join labels on labels.m = tied_shops.m
    group by labels.label
)

select ties.label, ties.log_p, count(met.b) as actors
from ties
left join met on met.label = ties.label
group by ties.label, ties.log_p
