-- One row: a shipment touched by announced disruptions, and the hours that do not count in each of its windows.
-- A span takes out the hours that it overlaps, or the hours that are granted where those are more.
with told as (
    select
        shipment,
        case when bool_or(waive and certain) then true when bool_or(waive and certain is null) then null else false end as waived,
        bool_or(certain is null) as doubtful
    from touches
    group by shipment
),

counted as (
    select
        shipment,
        sum(paused_hours(windows.declared_at, windows.pickup_end, starts_at, ends_at, extra_hours)) as hours_paused_pickup,
        sum(paused_hours(windows.collected_at, windows.hub_end, starts_at, ends_at, extra_hours)) as hours_paused_hub,
        sum(paused_hours(windows.paid_at, windows.ship_end, starts_at, ends_at, extra_hours)) as hours_paused_ship,
        sum(paused_hours(coalesce(windows.declared_at, windows.paid_at), windows.span_end, starts_at, ends_at, extra_hours)) as hours_paused
    from paused_spans
    inner join windows using (shipment)
    group by shipment
)

select *
from told
inner join counted using (shipment)
