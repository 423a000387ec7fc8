-- One row a fact and indicator: how many unknown findings, of the orders that are one in $every, hold that fact as null.
with lacking as (
    select indicator, unnest(list_distinct(regexp_extract_all(evidence, '"([A-Za-z_][A-Za-z0-9_]*)"\s*:\s*null', 1))) as fact
    from findings
    where status = 'unknown'
    and ($every = 1 or hash(order_id) % $every = 0)
)

select fact, indicator, count(*) as findings
from lacking
group by all
order by all
