-- One row: the longest silence of a shipment touched by announced disruptions, after each silence lost its paused hours.
with events as (
    select shipment_traces.shipment, shipments.waiting_at, unnest(list_filter(
        shipment_traces.events,
        lambda e: event_time(e) >= shipments.hub_at and (shipments.waiting_at is null or event_time(e) <= shipments.waiting_at)
    )) as event
    from shipment_traces
    inner join shipments using (shipment)
    semi join paused_spans on paused_spans.shipment = shipment_traces.shipment
    where shipments.hub_at is not null
),

silences as (
    select
        shipment,
        event,
        event_time(event) as from_at,
        coalesce(
            lead(event_time(event)) over (partition by shipment order by event),
            case when waiting_at is null then greatest($as_of, event_time(event)) else event_time(event) end
        ) as to_at
    from events
),

counted as (
    select
        silences.shipment,
        silences.event,
        any_value(silences.to_at) as to_at,
        greatest(
            hours_between(any_value(silences.from_at), any_value(silences.to_at))
            - coalesce(sum(
                paused_hours(silences.from_at, silences.to_at, paused_spans.starts_at, paused_spans.ends_at, paused_spans.extra_hours)
            ) filter (where paused_spans.announced or silences.to_at < $as_of), 0),
            0
        ) as hours
    from silences
    inner join paused_spans using (shipment)
    group by silences.shipment, silences.event
)

select
    shipment,
    max(hours) as longest_stall_hours,
    arg_max(event_time(event), (hours, -event_us(event))) as longest_stall_from,
    arg_max(to_at, (hours, -event_us(event))) as longest_stall_until,
    nullif(arg_max(event_place(event), (hours, -event_us(event))), 0) as longest_stall_code
from counted
group by shipment
