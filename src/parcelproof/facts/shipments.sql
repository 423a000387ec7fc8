-- One row: a shipment with its order. An order counts from its payment; the place is its code, or what its texts say.
select
    keys.*,
    paid.merchant_id,
    paid.buyer_id,
    paid.product_id,
    paid.kind,
    paid.mode,
    paid.status,
    paid.placed_at,
    paid.paid_at,
    paid.amount_paid,
    paid.unit_price,
    paid.quantity,
    paid.currency,
    paid.goods_weight_g,
    paid.promised_ship_at,
    coalesce(paid.adcode, place.adcode) as adcode,
    paid.recipient_key,
    paid.phone_key
from shipment_keys as keys
left join (select * from orders where paid_at <= $as_of) as paid on paid.order_id = keys.order_id
left join place_codes as place
    on paid.adcode is null and place.text = concat_ws(' ', paid.province, paid.city, paid.district)
