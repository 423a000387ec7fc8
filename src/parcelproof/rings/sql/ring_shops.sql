-- One row: a shop that sold something by then, its number in the order of its name, so that no order of rows shows, and the number of its category.
select
    cast(row_number() over (order by sold.merchant_id) as bigint) as m,
    sold.merchant_id,
    cast(dense_rank() over (order by coalesce(merchants.category, '')) as bigint) as category
from (select distinct merchant_id from orders where paid_at <= $as_of and merchant_id is not null) as sold
left join merchants on merchants.merchant_id = sold.merchant_id
