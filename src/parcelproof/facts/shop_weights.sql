-- One row: a shop and how much its parcels' weights vary, from five weighed parcels on.
select
    merchant_id,
    stddev_pop(weight_g) / avg(weight_g) as shop_weight_spread
from shipment_labels
where merchant_id is not null and weight_g is not null
group by merchant_id
having count(*) >= 5 and avg(weight_g) > 0
