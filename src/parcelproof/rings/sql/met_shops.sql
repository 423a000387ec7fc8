-- One row: two shops and how many actors they share; one part of $parts of all first shops.
select one.m, other.m as n, count(*) as shared
from roamers as one
inner join roamers as other on other.b = one.b and other.m > one.m
where one.m % $parts = $part
group by one.m, other.m
