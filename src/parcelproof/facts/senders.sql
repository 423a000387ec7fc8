-- One row: a sender key, the shops that send under it, and how much its parcels' weights vary.
with shops as (
    select sender_key, merchant_id, count(weight_g) as n, sum(weight_g) as total, sum(weight_g * weight_g) as squares
    from shipment_labels
    where sender_key is not null and merchant_id is not null
    group by sender_key, merchant_id
)

select
    shops.sender_key,
    count(*) as sender_shops,
    case when sum(n) >= 5 and sum(total) > 0 then
        sqrt(greatest(sum(squares) / sum(n) - (sum(total) / sum(n)) * (sum(total) / sum(n)), 0)) / (sum(total) / sum(n))
    end as sender_weight_spread,
    any_value(warehouses.sender_key) is not null as sender_registered,
    min(warehouses.registered_at) as sender_registered_at
from shops
left join warehouses
    on warehouses.sender_key = shops.sender_key
    and (warehouses.registered_at is null or warehouses.registered_at <= $as_of)
group by shops.sender_key
