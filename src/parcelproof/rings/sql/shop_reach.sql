-- One row: a shop, the actors that come to it (`d`), how many visits to other shops those make (`s`), and its category.
select roamers.m, count(*) as d, sum(roamers.shops - 1) as s, max(categories.category) as category
from roamers
inner join (select m, max(bar) as category from units group by m) as categories on categories.m = roamers.m
group by roamers.m
