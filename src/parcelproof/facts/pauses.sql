-- One row: a shipment touched by disturbances, and the hours that do not count in each of its windows.
-- A span takes out the hours that it overlaps, or the hours that are granted where those are more. An outage of the feed takes
-- its hours out of a window that a later scan closed; of an open one it ends what is proved.
-- `stall_waiver_lasted`: the last waiver ended not more than three days before the longest silence did; unknown otherwise, for then
-- the parcel lay on for as long as most lanes allow after all was open again.
-- `..._outage_at` is when the first outage of the feed reached a window that a later scan closed: what would have closed it may be lost.
-- `..._waived_at` is when the first waiver that did not end before a window began reached it: whether that was in time is for the check to say.
with told as (
    select
        touches.shipment,
        case when bool_or(touches.waive and touches.certain) then true when bool_or(touches.waive and touches.certain is null) then null else false end as waived,
        min(greatest(touches.starts_at, windows.paid_at)) filter (where touches.waive and touches.ends_at > windows.paid_at) as order_waived_at,
        min(greatest(touches.starts_at, windows.declared_at))
            filter (where touches.waive and touches.ends_at > windows.declared_at and touches.starts_at < windows.pickup_end) as pickup_waived_at,
        min(greatest(touches.starts_at, windows.collected_at))
            filter (where touches.waive and touches.ends_at > windows.collected_at and touches.starts_at < windows.hub_end) as hub_waived_at,
        min(greatest(touches.starts_at, stall_pauses.longest_stall_from))
            filter (where touches.waive and touches.ends_at > stall_pauses.longest_stall_from) as stall_waived_at,
        case
            when max(touches.ends_at) filter (where touches.waive) >= any_value(stall_pauses.longest_stall_until) - interval 72 hours then true
        end as stall_waiver_lasted,
        min(greatest(touches.starts_at, windows.declared_at))
            filter (where not touches.announced and touches.ends_at > windows.declared_at and touches.starts_at < windows.collected_at)
            as pickup_outage_at,
        min(greatest(touches.starts_at, windows.collected_at))
            filter (
                where not touches.announced and touches.ends_at > windows.collected_at and touches.starts_at < windows.hub_end
                and windows.hub_end < $as_of
            ) as hub_outage_at,
        bool_or(certain is null) as doubtful
    from touches
    inner join windows on windows.shipment = touches.shipment
    left join stall_pauses on stall_pauses.shipment = touches.shipment
    group by touches.shipment
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
        coalesce(sum(paused_hours(declared_at, pickup_end, starts_at, ends_at, extra_hours)) filter (where announced), 0.0) as hours_announced_pickup,
        coalesce(sum(paused_hours(collected_at, hub_end, starts_at, ends_at, extra_hours)) filter (where announced), 0.0) as hours_announced_hub,
        sum(paused_hours(coalesce(declared_at, paid_at), span_end, starts_at, ends_at, extra_hours)) as hours_paused
    from spans
    group by shipment
)

select *
from told
inner join counted using (shipment)
