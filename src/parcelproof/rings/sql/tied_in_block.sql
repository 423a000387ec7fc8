-- One row: two shops of a table of pairs that two or more of its actors meet.
with pairs as (
    select distinct b, m
    from $pairs
)

select one.m, other.m as n
from pairs as one
inner join pairs as other on other.b = one.b and other.m > one.m
group by one.m, other.m
having count(*) >= 2
