-- One row: two shops that share three or more buyers, and how many their volumes and categories let expect.
select
    often.m, often.n, often.shared,
    cast(affinities.affinity * greatest(one.s * other.d, other.s * one.d) / $visits as double) as expected
from often_met as often
inner join shop_reach as one on one.m = often.m
inner join shop_reach as other on other.m = often.n
inner join category_affinities as affinities
    on affinities.category = least(one.category, other.category) and affinities.other_category = greatest(one.category, other.category)
order by often.m, often.n
