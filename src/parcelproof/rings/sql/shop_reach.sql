-- One row: a shop, the buyers that come to it (`d`), how many visits to other shops those make (`s`), and its category.
select m, count(*) as d, sum(shops - 1) as s, max(stratum) as category
from roamers
group by m
