-- One row: two categories, and how often their shops share actors; what is far beyond chance is cut, so that a ring does not excuse itself.
select one.category, other.category as other_category, sum(least(shared, 3 + 4 * greatest(one.s * other.d, other.s * one.d) / $visits)) as shared
from met_shops
inner join shop_reach as one on one.m = met_shops.m
inner join shop_reach as other on other.m = met_shops.n
group by one.category, other.category
