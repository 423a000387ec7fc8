-- One row: a shipment touched by disturbances, and the hours that do not count in each of its windows.
-- A span takes out the hours that it overlaps, or the hours that are granted where those are more. An outage of the feed takes
-- its hours out of a window that a later scan closed; of an open one it ends what is proved.
with told as (
    select
        shipment,
        case when bool_or(waive and certain) then true when bool_or(waive and certain is null) then null else false end as waived,
        bool_or(certain is null) as doubtful
    from touches
    group by shipment
),

spans as (
    select paused_spans.*, windows.* exclude (shipment), announced or windows.collected_at is not null as counts_to_pickup
    from paused_spans
    inner join windows using (shipment)
),

counted as (
    select
        shipment,
        coalesce(sum(paused_hours(declared_at, pickup_end, starts_at, ends_at, extra_hours)) filter (where counts_to_pickup), 0.0) as hours_paused_pickup,
        coalesce(sum(paused_hours(collected_at, hub_end, starts_at, ends_at, extra_hours)) filter (where announced or hub_end < $as_of), 0.0)
            as hours_paused_hub,
        coalesce(sum(paused_hours(paid_at, ship_end, starts_at, ends_at, extra_hours)) filter (where counts_to_pickup), 0.0) as hours_paused_ship,
        sum(paused_hours(coalesce(declared_at, paid_at), span_end, starts_at, ends_at, extra_hours)) as hours_paused
    from spans
    group by shipment
)

select *
from told
inner join counted using (shipment)
