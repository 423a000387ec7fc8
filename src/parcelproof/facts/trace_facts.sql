-- One row: what the events of a shipment's own trace say. A later stage implies the earlier ones.
-- The parcel is under way until it first waits for the buyer, ends, or turns round: after that no silence is the
-- sender's. A silence still going on counts up to the moment of judging.
with staged as (
    select
        shipment,
        declared_at,
        events,
        earlier_use_ended_us,
        list_filter(events, lambda e: event_stage(e) in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13)) as handled,
        list_filter(events, lambda e: event_stage(e) in (6, 7, 8, 9, 10, 11))[1] as waiting
    from shipment_traces
),

ended as (
    select
        *,
        handled[1] as collected,
        list_filter(handled, lambda e: event_stage(e) <> 1)[1] as hub,
        list_filter(handled, lambda e: event_stage(e) = 7)[1] as delivered
    from staged
),

under_way as (
    select
        *,
        case when hub is not null then list_filter(events, lambda e: e >= hub and (waiting is null or e <= waiting)) end as after_hub
    from ended
),

silent as (
    select
        *,
        list_transform(
            after_hub,
            lambda e, i: case
                when i < len(after_hub) then event_us(after_hub[i + 1])
                when waiting is null then greatest(epoch_us($as_of), event_us(e))
                else event_us(e)
            end - event_us(e)
        ) as silences_us
    from under_way
),

longest as (
    select *, list_max(silences_us) as longest_us
    from silent
),

places as (
    select
        *,
        after_hub[list_position(silences_us, longest_us)] as stall_event,
        case when delivered is not null then
            list_filter(events, lambda e: e <= delivered and event_place(e) > 0 and event_stage(e) in (4, 5, 6, 7, 8))[-1]
        end as delivery_event
    from longest
)

select
    shipment,
    len(events) as scans_on_trace,
    event_time(events[1]) as first_scan_at,
    event_time(events[-1]) as last_scan_at,
    stage_name(event_stage(events[-1])) as last_stage,
    event_time(collected) as collected_at,
    event_time(hub) as hub_at,
    event_time(delivered) as delivered_at,
    event_time(waiting) as waiting_at,
    event_time(list_filter(events, lambda e: event_stage(e) = 11)[1]) as returned_at,
    event_time(list_filter(events, lambda e: event_stage(e) in (9, 10))[1]) as recalled_at,
    coalesce(longest_us, 0) / 3600000000.0 as longest_stall_hours,
    case when longest_us > 0 then event_time(stall_event) end as longest_stall_from,
    case when longest_us > 0 and event_place(stall_event) > 0 then event_place(stall_event) end as longest_stall_code,
    longest_us > 0 and stall_event = events[-1] as stall_goes_on,
    event_place(delivery_event) as delivered_code,
    nullif(event_place(list_filter(events, lambda e: event_place(e) > 0)[1]), 0) as first_code,
    case when earlier_use_ended_us is null then 0.0 else (event_us(events[1]) - earlier_use_ended_us) / 86400000000.0 end
        as days_since_earlier_trace,
    len(list_filter(events, lambda e: event_stage(e) in (5, 6))) > 0 as had_delivery_scan,
    case when delivered is not null then
        (event_us(delivered) - event_us(list_filter(events, lambda e: e < delivered and event_stage(e) in (2, 4))[-1])) / 60000000.0
    end as minutes_outlet_to_sign
from places
