-- One row: the longest silence of a shipment touched by disturbances, after each silence lost its paused hours. An outage of the feed parts a
-- silence that a later scan ended: what it hid may have been a scan. Where a silence of two days falls below that so, its length is unknown.
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

outages_within as (
    select silences.shipment, silences.event, min(paused_spans.starts_at) as first_at, max(paused_spans.ends_at) as last_at
    from silences
    inner join paused_spans
        on paused_spans.shipment = silences.shipment and paused_spans.starts_at < silences.to_at and paused_spans.ends_at > silences.from_at
    where not paused_spans.announced and silences.to_at < $as_of
    group by silences.shipment, silences.event
),

parts as (
    select
        silences.shipment,
        silences.event,
        silences.to_at as ended_at,
        outages_within.shipment is not null as parted,
        unnest(
            case
                when outages_within.shipment is null then [{'from_at': silences.from_at, 'to_at': silences.to_at}]
                else [
                    {'from_at': silences.from_at, 'to_at': greatest(outages_within.first_at, silences.from_at)},
                    {'from_at': least(outages_within.last_at, silences.to_at), 'to_at': silences.to_at}
                ]
            end
        ) as span
    from silences
    left join outages_within on outages_within.shipment = silences.shipment and outages_within.event = silences.event
),

counted as (
    select
        parts.shipment,
        parts.event,
        parts.ended_at,
        parts.parted,
        greatest(
            hours_between(parts.span.from_at, parts.span.to_at)
            - coalesce(sum(
                paused_hours(parts.span.from_at, parts.span.to_at, paused_spans.starts_at, paused_spans.ends_at, paused_spans.extra_hours)
            ) filter (where paused_spans.announced), 0),
            0
        ) as hours,
        hours_between(event_time(parts.event), parts.ended_at)
        - sum(paused_hours(event_time(parts.event), parts.ended_at, paused_spans.starts_at, paused_spans.ends_at, paused_spans.extra_hours)) as whole_hours
    from parts
    inner join paused_spans using (shipment)
    group by parts.shipment, parts.event, parts.ended_at, parts.parted, parts.span
)

select
    shipment,
    case
        when max(hours) > 48 or not bool_or(parted and whole_hours > 48) then max(hours)
    end as longest_stall_hours,
    arg_max(event_time(event), (hours, -event_us(event))) as longest_stall_from,
    arg_max(ended_at, (hours, -event_us(event))) as longest_stall_until,
    nullif(arg_max(event_place(event), (hours, -event_us(event))), 0) as longest_stall_code
from counted
group by shipment
