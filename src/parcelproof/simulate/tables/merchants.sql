-- One row: one shop.
select
    'M' || lpad(cast(shop as varchar), 6, '0') as merchant_id,
    utc(opened_day * 86400) as opened_at,
    cast(city as varchar) as adcode,
    category
from shops
order by shop
