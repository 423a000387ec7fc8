-- One row: two categories, and how many times what chance gives it their shops share actors; never less than once.
with volumes as (
    select category, cast(sum(d) as double) as d, cast(sum(s) as double) as s, cast(sum(s * d) as double) as own
    from shop_reach
    group by category
),

met as (
    select least(category, other_category) as category, greatest(category, other_category) as other_category, sum(shared) as shared
    from category_totals
    group by least(category, other_category), greatest(category, other_category)
)

select
    met.category, met.other_category,
    greatest(1, met.shared / greatest(1, case
        when met.category = met.other_category then (one.s * one.d - one.own) / 2
        else greatest(one.s * other.d, other.s * one.d)
    end / $visits)) as affinity
from met
inner join volumes as one on one.category = met.category
inner join volumes as other on other.category = met.other_category
