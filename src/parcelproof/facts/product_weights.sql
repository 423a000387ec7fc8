-- One row: a product at a price, and what a piece of it weighs in its parcels at most, the heaviest tenth of ten or more left out: of five weighed
-- ones or more, a carrier's default weights not counted. Only products of which some parcel weighs less than half of that, or of what the catalogue says.
with weighed as (
    select
        shipments.merchant_id, shipments.product_id, shipments.unit_price, shipments.goods_weight_g / shipments.quantity as listed_g,
        coalesce(shipment_labels.weight_g, scan_weights.weight_g) as weight_g,
        coalesce(shipment_labels.weight_g, scan_weights.weight_g) / shipments.quantity as piece_g
    from shipments
    left join shipment_labels using (shipment)
    left join scan_weights using (shipment)
    where shipments.product_id is not null and shipments.merchant_id is not null and shipments.quantity > 0
),

uneven as (
    select merchant_id, product_id, unit_price
    from weighed
    where not is_default_weight(weight_g)
    group by merchant_id, product_id, unit_price
    having count(*) >= 5 and 2 * min(piece_g) < greatest(max(listed_g), max(piece_g))
),

placed as (
    select
        merchant_id, product_id, unit_price, piece_g,
        row_number() over (partition by merchant_id, product_id, unit_price order by piece_g) as place,
        count(*) over (partition by merchant_id, product_id, unit_price) as parcels
    from weighed
    semi join uneven using (merchant_id, product_id, unit_price)
    where not is_default_weight(weight_g)
)

select merchant_id, product_id, unit_price, piece_g as usual_piece_g
from placed
where place = parcels - parcels // 10
