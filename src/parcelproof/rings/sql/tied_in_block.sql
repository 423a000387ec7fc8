-- One row: two shops of a table of pairs that two or more of its actors meet, and more than half as many as would if all its
-- actors were of one group: few are common to a ring and to fans who grew together with it.
with pairs as (
    select distinct b, m
    from $pairs
),

shops as (
    select m, count(*) as n
    from pairs
    group by m
),

actors as (
    select count(distinct b) as n
    from pairs
)

select one.m, other.m as n
from pairs as one
inner join pairs as other on other.b = one.b and other.m > one.m
inner join shops as one_shop on one_shop.m = one.m
inner join shops as other_shop on other_shop.m = other.m
cross join actors
group by one.m, other.m
having count(*) >= 2 and count(*) * max(actors.n) > 0.6 * max(one_shop.n) * max(other_shop.n)
