-- One row: a shipment, its order, and what the trace of its own use of the number says. An order counts from its payment;
-- the place is its code, or what its texts say. A use can be its own if it was still alive 30 days before the declaration.
select
    keys.shipment,
    keys.order_id,
    keys.declared_carrier,
    keys.waybill_no,
    keys.carrier,
    keys.number,
    keys.declared_at,
    keys.withdrawn_at,
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
    key_of(paid.recipient_key) as recipient_key,
    key_of(paid.phone_key) as phone_key,
    trace.use_no,
    trace.scans_on_trace,
    trace.first_scan_at,
    trace.last_scan_at,
    trace.last_stage_code,
    trace.collected_at,
    trace.collected_site,
    trace.pickup_unclear,
    trace.hub_unclear,
    trace.hub_at,
    trace.waiting_at,
    trace.delivered_at,
    trace.returned_at,
    trace.recalled_at,
    trace.longest_stall_hours,
    trace.longest_stall_from,
    trace.longest_stall_code,
    trace.longest_stall_site,
    trace.stall_goes_on,
    trace.delivered_with_code,
    trace.delivered_code,
    trace.first_code,
    trace.days_since_earlier_trace,
    trace.had_delivery_scan,
    trace.troubled_before_return,
    trace.pickup_scanned,
    trace.hub_scanned,
    trace.hub_code,
    trace.minutes_outlet_to_sign,
    trace.trace_hash
from shipment_keys as keys
left join (select * from orders where paid_at <= $as_of) as paid on paid.order_id = keys.order_id
left join place_codes as place
    on paid.adcode is null and place.text = concat_ws(' ', paid.province, paid.city, paid.district)
left join own_uses on own_uses.shipment = keys.shipment
left join use_facts as trace
    on trace.carrier = keys.carrier
    and trace.number = keys.number
    and trace.use_no = coalesce(own_uses.use_no, 1)
    and trace.last_scan_at >= keys.declared_at - interval 30 days
