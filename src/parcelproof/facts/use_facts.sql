-- One row: one use of one number, its events, and what they say whoever declared it.
-- A later stage implies the earlier ones. The parcel is under way until it first waits for the buyer, ends, or turns
-- round: after that no silence is the sender's. A silence still going on counts up to the moment of judging.
-- A scan that does not say what was done (`other`) may be the pickup or the sorting centre: where one stands
-- before a stage that is told, the time of that stage is not sure.
with staged as (
    select
        *,
        case
            when is_handled(event_stage(events[1])) then events[1]
            else list_filter(events, lambda e: is_handled(event_stage(e)))[1]
        end as collected,
        list_filter(events, lambda e: event_stage(e) <> 1 and is_handled(event_stage(e)))[1] as hub,
        list_filter(events, lambda e: event_stage(e) between 6 and 11) as late
    from uses
),

ended as (
    select
        *,
        late[1] as waiting,
        case when event_stage(late[1]) = 7 then late[1] else list_filter(late, lambda e: event_stage(e) = 7)[1] end as delivered,
        case when collected is null or collected <> events[1] then list_filter(events, lambda e: event_stage(e) = 14)[1] end
            as unclear_at_first,
        case
            when hub is null or list_position(events, hub) > list_position(events, collected) + 1
                then list_filter(events, lambda e: event_stage(e) = 14 and e > collected)[1]
        end as unclear_after_pickup,
        case
            when hub is not null
                then events[list_position(events, hub) : case when len(late) > 0 then list_position(events, late[1]) else len(events) end]
        end as after_hub
    from staged
),

pointed as (
    select
        *,
        list_append(
            list_transform(after_hub, lambda e: event_us(e)),
            case when waiting is null then greatest(epoch_us($as_of), event_us(after_hub[-1])) else event_us(after_hub[-1]) end
        ) as points_us
    from ended
),

silent as (
    select *, list_transform(points_us[2:], lambda later, i: later - points_us[i]) as silences_us
    from pointed
),

longest as (
    select *, list_max(silences_us) as longest_us
    from silent
),

placed as (
    select
        *,
        case when longest_us > 0 then after_hub[list_position(silences_us, longest_us)] end as stall_event,
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
    carrier,
    number,
    use_no,
    use_count,
    events,
    len(events) as scans_on_trace,
    event_time(events[1]) as first_scan_at,
    event_time(events[-1]) as last_scan_at,
    event_stage(events[-1]) as last_stage_code,
    event_time(collected) as collected_at,
    nullif(event_site(collected), 0) as collected_site,
    coalesce(unclear_at_first < collected or collected is null and unclear_at_first is not null, false) as pickup_unclear,
    coalesce(unclear_after_pickup < hub or hub is null and unclear_after_pickup is not null, false) as hub_unclear,
    event_time(hub) as hub_at,
    event_time(waiting) as waiting_at,
    event_time(delivered) as delivered_at,
    event_time(list_filter(late, lambda e: event_stage(e) = 11)[1]) as returned_at,
    event_time(list_filter(late, lambda e: event_stage(e) in (9, 10))[1]) as recalled_at,
    coalesce(longest_us, 0) / 3600000000.0 as longest_stall_hours,
    event_time(stall_event) as longest_stall_from,
    nullif(event_place(stall_event), 0) as longest_stall_code,
    nullif(event_site(stall_event), 0) as longest_stall_site,
    longest_us > 0 and stall_event = events[-1] as stall_goes_on,
    event_place(delivered) > 0 as delivered_with_code,
    event_place(delivery_event) as delivered_code,
    event_place(first_placed) as first_code,
    case when earlier_use_ended_us is null then 0.0 else (event_us(events[1]) - earlier_use_ended_us) / 86400000000.0 end
        as days_since_earlier_trace,
    len(list_filter(events, lambda e: event_stage(e) in (5, 6, 8))) > 0 as had_delivery_scan,
    len(list_filter(events, lambda e: event_stage(e) = 12 and e < list_filter(late, lambda back: event_stage(back) in (9, 10))[1])) > 0
        as troubled_before_return,
    event_stage(collected) = 1 as pickup_scanned,
    event_stage(hub) in (2, 3) as hub_scanned,
    event_place(hub) as hub_code,
    case when delivered is not null then
        (event_us(delivered) - event_us(list_filter(events, lambda e: e < delivered and event_stage(e) in (2, 4))[-1])) / 60000000.0
    end as minutes_outlet_to_sign,
    case when len(events) >= 5 then hash(events) end as trace_hash
from placed
