-- One row: a shipment, the events of its own use of the number, and what they say; without such events all of it is unknown.
-- A use can be its own if it was still alive 30 days before the declaration.
-- A later stage implies the earlier ones. The parcel is under way until it first waits for the buyer, ends, or turns
-- round: after that no silence is the sender's. A silence still going on counts up to the moment of judging.
-- A scan that does not say what was done (`other`) may be the pickup or the sorting centre: where one stands
-- before a stage that is told, the time of that stage is not sure.
-- @view
with owned as (
    select keys.*, uses.earlier_use_ended_us, uses.events
    from shipment_keys as keys
    left join own_uses using (shipment)
    left join uses
        on uses.trace_key = keys.trace_key
        and uses.use_no = coalesce(own_uses.use_no, 1)
        and event_time(uses.events[-1]) >= keys.declared_at - interval 30 days
),

staged as (
    select *, list_transform(events, lambda e: event_stage(e)) as stages
    from owned
),

-- Places in the trace, from 1.
found as (
    select
        *,
        case
            when is_handled(stages[1]) then 1
            else place_of(list_transform(stages, lambda stage: is_handled(stage)), true)
        end as collected_no,
        case
            when is_handled(stages[1]) and stages[1] <> 1 then 1
            when is_handled(stages[2]) and stages[2] <> 1 then 2
            else place_of(list_transform(stages, lambda stage: is_handled(stage) and stage <> 1), true)
        end as hub_no,
        place_of(stages, 7) as delivered_no,
        least(place_of(stages, 9), place_of(stages, 10)) as recalled_no,
        place_of(stages, 11) as returned_no,
        place_of(stages, 14) as unclear_no
    from staged
),

waited as (
    select
        *,
        least(place_of(stages, 6), delivered_no, place_of(stages, 8), recalled_no, returned_no) as waiting_no,
        case
            when unclear_no is not null and (hub_no is null or hub_no > collected_no + 1)
                then collected_no + place_of(stages[collected_no + 1 :], 14)
        end as unclear_after_pickup_no
    from found
),

under_way as (
    select
        *,
        events[collected_no] as collected,
        events[hub_no] as hub,
        events[delivered_no] as delivered,
        events[hub_no : coalesce(waiting_no, len(events))] as after_hub,
        case when waiting_no is null and hub_no is not null then greatest(epoch_us($as_of) - event_us(events[-1]), 0) else 0 end as silent_at_last_us
    from waited
),

silent as (
    select *, list_transform(after_hub[2:], lambda later, i: event_gap_us(after_hub[i], later)) as silences_us
    from under_way
),

longest as (
    select *, coalesce(list_max(silences_us), 0) as longest_between_us
    from silent
),

placed as (
    select
        *,
        case
            when silent_at_last_us > longest_between_us then events[-1]
            when longest_between_us > 0 then after_hub[list_position(silences_us, longest_between_us)]
        end as stall_event,
        case
            when delivered is null then null
            when event_place(delivered) > 0 then delivered
            else list_filter(events, lambda e: e <= delivered and event_place(e) > 0 and event_stage(e) between 4 and 8)[-1]
        end as delivery_event,
        case
            when event_place(events[1]) > 0 then events[1]
            else list_filter(events, lambda e: event_place(e) > 0)[1]
        end as first_placed
    from longest
)

select
    shipment,
    order_id,
    declared_carrier,
    waybill_no,
    carrier,
    number,
    trace_key,
    declared_at,
    withdrawn_at,
    events,
    len(events) as scans_on_trace,
    event_time(events[1]) as first_scan_at,
    event_time(events[-1]) as last_scan_at,
    stages[-1] as last_stage_code,
    event_time(collected) as collected_at,
    nullif(event_site(collected), 0) as collected_site,
    case when events is not null then coalesce(unclear_no < collected_no or collected_no is null and unclear_no is not null, false) end
        as pickup_unclear,
    case when events is not null then coalesce(unclear_after_pickup_no < hub_no or hub_no is null and unclear_after_pickup_no is not null, false) end
        as hub_unclear,
    event_time(hub) as hub_at,
    event_time(events[waiting_no]) as waiting_at,
    event_time(delivered) as delivered_at,
    event_time(events[returned_no]) as returned_at,
    event_time(events[recalled_no]) as recalled_at,
    case when events is not null then greatest(silent_at_last_us, longest_between_us) / 3600000000.0 end as longest_stall_hours,
    event_time(stall_event) as longest_stall_from,
    nullif(event_place(stall_event), 0) as longest_stall_code,
    nullif(event_site(stall_event), 0) as longest_stall_site,
    silent_at_last_us > longest_between_us as stall_goes_on,
    event_place(delivered) > 0 as delivered_with_code,
    event_place(delivery_event) as delivered_code,
    event_place(first_placed) as first_code,
    case
        when earlier_use_ended_us is not null then (event_us(events[1]) - earlier_use_ended_us) / 86400000000.0
        when events is not null then 0.0
    end as days_since_earlier_trace,
    list_contains(stages, 5) or list_contains(stages, 6) or list_contains(stages, 8) as had_delivery_scan,
    case
        when recalled_no is not null then list_contains(stages[: recalled_no - 1], 12)
        when events is not null then false
    end as troubled_before_return,
    case
        when recalled_no is not null then len(list_filter(stages[: recalled_no - 1], lambda stage: stage in (5, 6, 8))) > 0
        when events is not null then false
    end as delivery_tried,
    stages[collected_no] = 1 as pickup_scanned,
    stages[hub_no] in (2, 3) as hub_scanned,
    event_place(hub) as hub_code,
    case
        when delivered is not null
            then event_gap_us(list_filter(events, lambda e: e < delivered and event_stage(e) in (2, 4))[-1], delivered) / 60000000.0
    end as minutes_outlet_to_sign,
    case when len(events) >= 5 then hash(events) end as trace_hash
from placed
