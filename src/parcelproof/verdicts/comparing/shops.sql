-- One row: a shop, with its shipments and its size by them.
select
    merchant_id,
    count(*) as shipments,
    case
        when count(*) < 10 then '1 to 9'
        when count(*) < 100 then '10 to 99'
        when count(*) < 1000 then '100 to 999'
        else '1000 and more'
    end as size
from old_verdicts
where merchant_id is not null
group by merchant_id
