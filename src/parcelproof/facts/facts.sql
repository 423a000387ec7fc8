-- One row: one shipment and every fact a check may speak of (catalogue.yaml says what each means). What cannot be known
-- is null. Silence counts only where the carrier's feed is proven alive after the moment it began. Where the feed loses scans, a
-- silence with some missing in it is sure only for its share, and one that goes on only where the feed would hardly have lost its end.
select
    known.shipment,
    known.order_id,
    known.declared_carrier as carrier,
    known.waybill_no,
    known.merchant_id,
    known.buyer_id,
    known.product_id,
    $as_of as as_of,
    coalesce(known.declared_at, least(known.ship_by, $as_of), known.paid_at) as act_time,
    known.kind as order_kind,
    known.mode as order_mode,
    known.status as order_status,
    known.kind <> 'virtual' as needs_delivery,
    known.amount_paid,
    known.unit_price,
    known.quantity,
    known.currency,
    known.placed_at,
    known.paid_at,
    known.ship_by as promised_ship_at,
    hours_between(known.paid_at, known.ship_by) as hours_promised,
    known.declared_at is not null as declared,
    known.declared_at,
    known.withdrawn_at,
    known.traced as trace_known,
    case when known.traced then coalesce(known.scans_on_trace, 0) end as scans_on_trace,
    known.first_scan_at,
    known.collected_at,
    known.hub_at,
    known.delivered_at,
    known.returned_at,
    known.last_scan_at,
    stage_name(known.last_stage_code) as last_stage,
    case
        when not known.traced or known.declared_at is null or known.pickup_unclear then null
        when
            known.kind <> 'self_delivery' and known.collected_at > known.declared_at + interval 12 hours and known.pickup_unseen
            then null
        when known.pickup_outage_at is not null and not known.pickup_scanned
            then hours_if_sure(
                hours_between(known.declared_at, known.pickup_outage_at) - known.hours_announced_pickup,
                hours_between(known.declared_at, known.collected_at) - known.paused_pickup
            )
        when known.collected_at is not null then at_least_0(hours_between(known.declared_at, known.collected_at) - known.paused_pickup)
        when known.ended_unknown_when then null
        when known.pickup_seen_until < least(known.waits_until, known.declared_at + interval 24 hours) then null
        else at_least_0(hours_between(known.declared_at, least(known.waits_until, known.pickup_seen_until)) - known.paused_pickup)
    end as hours_without_pickup,
    case
        when not known.traced then null
        when known.declared_at is null then case when known.ship_by is not null then 0.0 end
        when known.collected_at is null and not coalesce(known.pickup_unclear, false) then 0.0
        when known.collected_at is null or known.hub_unclear then null
        when known.hub_outage_at is not null
            then hours_if_sure(
                hours_between(known.collected_at, known.hub_outage_at) - known.hours_announced_hub,
                hours_between(known.collected_at, coalesce(known.hub_at, known.waiting_at)) - known.paused_hub
            )
        when known.hub_at is not null then at_least_0(hours_between(known.collected_at, known.hub_at) - known.paused_hub)
        when known.waiting_at is not null then at_least_0(hours_between(known.collected_at, known.waiting_at) - known.paused_hub)
        when not known.alive_after_pickup or known.hub_seen_until < known.collected_at + interval 24 hours then null
        else at_least_0(hours_between(known.collected_at, least(known.hub_seen_until, $as_of)) - known.paused_hub)
    end as hours_without_hub,
    case
        when not known.traced then null
        when known.declared_at is null then case when known.ship_by is not null then 0.0 end
        when known.hub_at is null then case when known.hub_unclear or known.collected_at is null and known.pickup_unclear then null else 0.0 end
        when not coalesce(known.stall_goes_on, false) then case
            when coalesce(lost_scans.scans_missed, 0) = 0 or known.stall_hours < 48 then known.stall_hours
            when known.stall_hours >= 48 * (lost_scans.scans_missed + 1) then known.stall_hours / (lost_scans.scans_missed + 1)
        end
        when known.last_stage_code = 5 or lost_scans.lost_chance > 0.001 then null
        when known.stall_seen_until is null then case when known.alive_after_last_scan then known.stall_hours end
        when hours_between(known.last_scan_at, known.stall_seen_until) > 120 then hours_between(known.last_scan_at, known.stall_seen_until)
    end as longest_stall_hours,
    lost_scans.scans_missed as stall_scans_missed,
    lost_scans.feed_loss,
    case when coalesce(lost_scans.lost_chance, 0) <= 0.000001 then false end as stall_end_lost,
    case when lost_scans.shipment is null then false else lost_scans.stall_troubled end as stall_troubled,
    stall_endings.ending_others,
    case when stall_endings.shipment is null then true else stall_endings.ending_told end as ending_told,
    known.longest_stall_from,
    lpad(cast(known.longest_stall_code as varchar), 6, '0') as longest_stall_place,
    known.hours_paused,
    known.waived,
    known.order_waived_at,
    known.pickup_waived_at,
    known.hub_waived_at,
    known.stall_waived_at,
    case when known.stall_waived_at is null then true else known.stall_waiver_lasted end as stall_waiver_lasted,
    case
        when not known.traced or known.ship_by is null or known.pickup_unclear then null
        when known.withdrawn_at is not null then null
        when known.collected_at > known.ship_by and known.pickup_unseen then null
        when
            hours_between(known.ship_by, known.collected_at) > known.paused_ship and not known.pickup_scanned and known.pickup_outage_at < known.ship_by
            then null
        when known.collected_at is not null
            then hours_between(known.ship_by, least(known.collected_at, order_numbers.shipped_at)) - known.paused_ship
        when order_numbers.shipped_at is not null then hours_between(known.ship_by, order_numbers.shipped_at) - known.paused_ship
        when known.ended_unknown_when or known.pickup_seen_until <= known.ship_by then null
        else hours_between(known.ship_by, least(known.refund_requested_at, known.pickup_seen_until, $as_of)) - known.paused_ship
    end as hours_late,
    place_province(known.origin) as origin_province,
    place_province(known.adcode) as destination_province,
    case
        when known.label_adcode is not null then place_province(known.label_adcode)
        when known.address_changed then place_province(known.addresses[-1].adcode)
        when known.kind is distinct from 'gift' then place_province(known.adcode)
    end as bound_province,
    case
        when not known.traced or known.declared_at is null then null
        when known.first_scan_at is null or known.first_scan_at >= known.paid_at then 0.0
        when known.collected_at < known.paid_at then minutes_between(known.collected_at, known.paid_at)
        when known.paid_at is not null and not known.pickup_unclear then 0.0
    end as minutes_scanned_before_payment,
    case when known.declared_at is null then 0 else coalesce(order_numbers.numbers_on_order, 1) end as numbers_on_order,
    case
        when known.declared_at is null then 0
        else coalesce(order_numbers.numbers_standing, case when known.withdrawn_at is null then 1 else 0 end)
    end as numbers_standing,
    unmoved_numbers.order_id is not null as number_unmoved,
    case when shared_numbers.shipment is null then 0 else shared_numbers.other_orders_on_number end as other_orders_on_number,
    case when shared_numbers.shipment is null then 0 else shared_numbers.other_recipients_on_number end as other_recipients_on_number,
    case when shared_numbers.shipment is null then 0 else shared_numbers.earlier_recipients_on_number end as earlier_recipients_on_number,
    case when shared_numbers.shipment is null then true else shared_numbers.first_to_use_number end as first_to_use_number,
    case when shared_numbers.shipment is null then known.declared_at else shared_numbers.number_first_used_at end as number_first_used_at,
    case when shared_numbers.shipment is null then false else shared_numbers.tied_on_number end as tied_on_number,
    case when shared_numbers.shipment is null then 0.0 else shared_numbers.earlier_withdrawn_after_hours end as earlier_withdrawn_after_hours,
    case when shared_numbers.shipment is null then 0.0 else shared_numbers.tied_withdrawn_after_hours end as tied_withdrawn_after_hours,
    case when $has_scans then coalesce(known.days_since_earlier_trace, 0.0) end as days_since_earlier_trace,
    hours_between(known.declared_at, known.withdrawn_at) as number_withdrawn_after_hours,
    number_shapes.valid as number_shape_valid,
    case
        when known.recipient_key = known.label_recipient_key then true
        when known.addresses is not null
            and list_contains(list_transform(known.addresses, lambda change: change.recipient_key), known.label_recipient_key) then true
        when known.recipient_unknown or known.changed is null then null
        when known.changed and list_has_any(list_transform(known.addresses, lambda change: change.recipient_key is null), [true]) then null
        else false
    end as recipient_matches,
    known.phone_key = known.label_phone_key as phone_matches,
    place_level(known.label_adcode, known.adcode) as label_level,
    case when label_hubs.city is not null then true end as label_at_hub,
    deliveries.delivered_adcode,
    deliveries.delivered_level,
    deliveries.delivered_at_hub,
    known.changed as address_changed,
    case when $has_order_events then coalesce(known.merge_agreed, false) end as merge_agreed,
    known.measured_g as weight_g,
    least(known.goods_weight_g, cast(product_weights.usual_piece_g * known.quantity as bigint)) as goods_weight_g,
    case
        when least(known.goods_weight_g, product_weights.usual_piece_g * known.quantity) > 0
            then known.measured_g / least(known.goods_weight_g, product_weights.usual_piece_g * known.quantity)
    end as weight_ratio,
    is_default_weight(known.measured_g) as weight_is_carrier_default,
    shop_weights.shop_weight_spread,
    case when known.traced then coalesce(trace_copies.identical_traces, 0) end as identical_traces,
    case
        when not known.traced then null
        when trace_copies.shipment is null then 1
        else trace_copies.identical_trace_destinations
    end as identical_trace_destinations,
    case when trace_copies.shipment is null then true else trace_copies.copies_are_others end as copies_are_others,
    case when known.traced then coalesce(equal_moments.same_moments_elsewhere, 0) end as same_moments_elsewhere,
    case when known.traced then coalesce(trace_legs.fastest_leg_kmh, 0.0) end as fastest_leg_kmh,
    case when known.traced then at_least_0(coalesce(trace_legs.haul_hours_short, 0.0)) end as haul_hours_short,
    lane_hauls.haul_others,
    case when not known.traced then null when lane_hauls.shipment is null then 1.0 else lane_hauls.haul_share end as haul_share,
    case when known.traced then coalesce(trace_sites.repeated_nodes, 0) end as repeated_nodes,
    known.pickup_scanned,
    case
        when not known.hub_scanned then false
        when known.hub_code = 0 or known.first_code is null or known.hub_code // 100 = known.first_code // 100 then known.hub_scanned
        else not coalesce(known.hub_code // 100 = try_cast(place_city(known.adcode) as integer), false)
            and known.hub_code // 10000 = known.first_code // 10000
    end as hub_scanned,
    case when known.hub_at is not null or missed_hubs.carrier is null then false end as hub_scan_missed,
    case when unseen_arrivals.shipment is null then false end as hub_arrival_unseen,
    known.had_delivery_scan,
    known.minutes_outlet_to_sign,
    case when known.traced then coalesce(shop_endings.shop_endings_ratio, 0) end as shop_endings_ratio,
    known.recalled_at,
    case
        when not known.traced then null
        when known.recalled_at is null then false
        when known.refund_requested_at <= known.recalled_at then false
        when $has_order_events and not known.troubled_before_return then true
    end as recalled_before_any_request,
    known.delivery_tried,
    case when turnbacks.shipment is null then false end as recall_was_troubled,
    case when not known.ended_unknown_when then false end as recall_was_asked,
    known.refund_requested_at,
    senders.sender_shops,
    senders.sender_registered,
    senders.sender_registered_at,
    senders.sender_weight_spread,
    order_receipts.confirmed_at,
    order_receipts.confirmed_by,
    minutes_between(known.delivered_at, order_receipts.confirmed_at) as minutes_delivery_to_confirmation,
    minutes_between(order_receipts.confirmed_at, order_receipts.reviewed_at) as minutes_confirmation_to_review,
    case when $has_receipts then coalesce(order_receipts.same_review_elsewhere, 0) end as same_review_elsewhere,
    case when not $has_receipts then null when shop_receipts.merchant_id is null then 0.0 else shop_receipts.shop_receipts_ratio end as shop_receipts_ratio,
    case when $has_complaints then coalesce(order_complaints.complaint_not_received, 'none') end as complaint_not_received,
    case when $has_complaints then coalesce(order_complaints.complaint_empty_parcel, 'none') end as complaint_empty_parcel,
    case when $has_complaints then coalesce(order_complaints.complaint_wrong_item, 'none') end as complaint_wrong_item,
    case when $has_complaints then coalesce(order_complaints.complaint_short, 'none') end as complaint_short,
    place_city(known.sent_from) as origin_city,
    place_city(known.shop_adcode) as shop_city,
    case
        when not known.traced then null
        when known.delivered_at is not null then hours_between(known.paid_at, known.delivered_at)
        when known.ended_unknown_when or known.returned_at is not null then null
        else hours_between(known.paid_at, least(known.refund_requested_at, $as_of))
    end as hours_to_delivery,
    case when $has_receipts then order_receipts.reviewed_at is not null end as reviewed,
    shipment_rings.ring_id,
    shipment_rings.ring_p_value,
    shipment_rings.ring_shop_may_be_victim,
    attributions.pickup_others,
    attributions.pickup_others_slow,
    attributions.pickup_others_low,
    attributions.pickup_others_high,
    attributions.pickup_carrier_share,
    case
        when attributions.pickup_others is null then false
        when not attributions.pickup_shared and idle_branches.shipment is not null then null
        else attributions.pickup_shared
    end as pickup_shared,
    attributions.hub_others,
    attributions.hub_others_slow,
    attributions.hub_others_low,
    attributions.hub_others_high,
    attributions.hub_carrier_share,
    case when attributions.hub_others is null then false else attributions.hub_shared end as hub_shared,
    site_departures.site_left,
    site_departures.site_usual,
    case when site_departures.shipment is null then false else site_departures.site_stood end as site_stood,
    attributions.stall_others,
    attributions.stall_others_slow,
    attributions.stall_others_low,
    attributions.stall_others_high,
    attributions.stall_carrier_share,
    case when attributions.stall_others is null then false else attributions.stall_shared end as stall_shared
from timed_shipments as known
left join order_numbers on order_numbers.order_id = known.order_id and known.declared_at is not null
left join shared_numbers using (shipment)
left join number_shapes using (shipment)
left join deliveries using (shipment)
left join consolidation_hubs as label_hubs on label_hubs.city = left(known.label_adcode, 4)
left join product_weights
    on product_weights.merchant_id = known.merchant_id and product_weights.product_id = known.product_id
    and product_weights.unit_price = known.unit_price
left join shop_weights on shop_weights.merchant_id = known.merchant_id
left join trace_copies using (shipment)
left join equal_moments using (shipment)
left join trace_legs using (shipment)
left join lane_hauls using (shipment)
left join stall_endings using (shipment)
left join turnbacks using (shipment)
left join unseen_arrivals using (shipment)
left join site_departures using (shipment)
left join unmoved_numbers on unmoved_numbers.order_id = known.order_id
left join shop_endings on shop_endings.merchant_id = known.merchant_id
left join shop_receipts on shop_receipts.merchant_id = known.merchant_id
left join trace_sites using (shipment)
left join missed_hubs on missed_hubs.carrier = known.carrier
left join senders on senders.sender_key = known.sender_key
left join order_receipts on order_receipts.order_id = known.order_id
left join attributions using (shipment)
left join idle_branches using (shipment)
left join lost_scans using (shipment)
left join order_complaints on order_complaints.order_id = known.order_id
left join shipment_rings using (shipment)
