-- One row: a shipment with its order, its trace, its label, what its buyer agreed to, what pauses its windows, and whether
-- the carrier's feed went on telling of other parcels for a day after each silence began. `..._seen_until` is the end of a
-- feed that has been dead for two days. `pickup_unseen`: the first scan is neither a pickup nor a sorting centre's in the sender's province, so
-- that nobody told when the parcel set out. A change of address counts where it came before the delivery.
-- @view
with timed as (
    select
        shipments.* exclude (longest_stall_hours, longest_stall_from, longest_stall_code),
        case
            when pauses.doubtful then null
            when stall_pauses.shipment is not null then stall_pauses.longest_stall_hours
            else shipments.longest_stall_hours
        end as stall_hours,
        coalesce(stall_pauses.longest_stall_from, shipments.longest_stall_from) as longest_stall_from,
        coalesce(stall_pauses.longest_stall_code, shipments.longest_stall_code) as longest_stall_code,
        order_agreements.merge_agreed_at <= coalesce(shipments.delivered_at, $as_of) as merge_agreed,
        order_agreements.refund_requested_at,
        order_agreements.addresses,
        coalesce(order_agreements.agreed_ship_at, shipments.promised_ship_at) as ship_by,
        shipment_labels.sender_key,
        shipment_labels.sender_adcode,
        key_of(shipment_labels.recipient_key) as label_recipient_key,
        key_of(shipment_labels.phone_key) as label_phone_key,
        shipment_labels.adcode as label_adcode,
        coalesce(shipment_labels.weight_g, scan_weights.weight_g) as measured_g,
        coalesce(shipment_labels.sender_adcode, lpad(cast(shipments.first_code as varchar), 6, '0'), merchants.adcode) as origin,
        coalesce(shipment_labels.sender_adcode, lpad(cast(shipments.first_code as varchar), 6, '0')) as sent_from,
        merchants.adcode as shop_adcode,
        case when shipments.status in ('cancelled', 'refunded') and order_agreements.refund_requested_at is null then true else false end
            as ended_unknown_when,
        least(shipments.withdrawn_at, order_agreements.refund_requested_at, $as_of) as waits_until,
        len(list_filter(order_agreements.addresses, lambda change: change.happened_at <= coalesce(shipments.delivered_at, $as_of))) > 0
            as address_changed,
        case when pauses.shipment is null then false else pauses.waived end as waived,
        pauses.order_waived_at,
        pauses.pickup_waived_at,
        pauses.hub_waived_at,
        pauses.stall_waived_at,
        pauses.stall_waiver_lasted,
        pauses.pickup_outage_at,
        pauses.hours_announced_pickup,
        pauses.hub_outage_at,
        pauses.hours_announced_hub,
        case when pauses.shipment is null then 0.0 when pauses.doubtful then null else pauses.hours_paused_pickup end as paused_pickup,
        case when pauses.shipment is null then 0.0 when pauses.doubtful then null else pauses.hours_paused_hub end as paused_hub,
        case when pauses.shipment is null then 0.0 when pauses.doubtful then null else pauses.hours_paused_ship end as paused_ship,
        case when pauses.shipment is null then 0.0 when pauses.doubtful then null else pauses.hours_paused end as hours_paused,
        case when feed_at_declaration.lives_until < $as_of - interval 48 hours then feed_at_declaration.lives_until end as pickup_seen_until,
        case when feed_at_pickup.lives_until < $as_of - interval 48 hours then feed_at_pickup.lives_until end as hub_seen_until,
        case when feed_at_stall.lives_until < $as_of - interval 48 hours then feed_at_stall.lives_until end as stall_seen_until,
        coalesce(feed_at_declaration.lives_until >= shipments.declared_at + interval 24 hours, false)
            or (feeds.last_day >= epoch_us(shipments.declared_at) // 86400000000
                and $as_of < shipments.declared_at + interval 24 hours) as alive_after_declaration,
        coalesce(feed_at_pickup.lives_until >= shipments.collected_at + interval 24 hours, false)
            or (feeds.last_day >= epoch_us(shipments.collected_at) // 86400000000
                and $as_of < shipments.collected_at + interval 24 hours) as alive_after_pickup,
        coalesce(feed_at_stall.lives_until >= shipments.last_scan_at + interval 24 hours, false)
            or (feeds.last_day >= epoch_us(shipments.last_scan_at) // 86400000000
                and $as_of < shipments.last_scan_at + interval 24 hours) as alive_after_last_scan
    from shipments
    left join stall_pauses using (shipment)
    left join pauses using (shipment)
    left join shipment_labels using (shipment)
    left join scan_weights using (shipment)
    left join order_agreements on order_agreements.order_id = shipments.order_id
    left join merchants on merchants.merchant_id = shipments.merchant_id
    left join feeds on feeds.carrier = shipments.carrier
    left join feed_runs as feed_at_declaration
        on feed_at_declaration.carrier = shipments.carrier
        and shipments.declared_at >= feed_at_declaration.lives_from
        and shipments.declared_at < feed_at_declaration.lives_until
        and shipments.collected_at is null
    left join feed_runs as feed_at_pickup
        on feed_at_pickup.carrier = shipments.carrier
        and shipments.collected_at >= feed_at_pickup.lives_from
        and shipments.collected_at < feed_at_pickup.lives_until
        and shipments.hub_at is null
    left join feed_runs as feed_at_stall
        on feed_at_stall.carrier = shipments.carrier
        and shipments.last_scan_at >= feed_at_stall.lives_from
        and shipments.last_scan_at < feed_at_stall.lives_until
        and shipments.stall_goes_on
)

select
    *,
    case
        when not $has_scans then false
        when declared_at is null then true
        else collected_at is not null or alive_after_declaration
    end as traced,
    recipient_key is null or label_recipient_key is null as recipient_unknown,
    not pickup_scanned
    and (not coalesce(hub_scanned, false) or coalesce(nullif(hub_code, 0) // 10000 <> try_cast(place_province(sender_adcode) as integer), false)) as pickup_unseen,
    case when $has_order_events then coalesce(address_changed, false) else address_changed end as changed
from timed
