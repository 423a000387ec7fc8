-- One row: one scan of a simulated parcel. A parcel that never left has none; a stalled one waits six days at its hub.
select
    world.*,
    step.stage,
    step.at_destination,
    world.collected_at
        + to_seconds(cast(step.hours * 3600 + world.spread % 1800 as bigint))
        + case when step.position >= 2 and world.pattern = 'stalled' then to_hours(146) else to_hours(0) end
        + case when step.position >= 2 and world.pattern = 'honest_storm' then to_hours(100) else to_hours(0) end as event_time
from world
cross join (
    values (0, 'collected', 0.0, false), (1, 'hub_in', 5.0, false), (2, 'hub_out', 8.0, false), (3, 'hub_in', 26.0, true),
        (4, 'outlet_in', 34.0, true), (5, 'out_for_delivery', 36.0, true), (6, 'delivered', 39.0, true)
) as step(position, stage, hours, at_destination)
where world.pattern not in ('never_handed_over', 'number_reused', 'honest_no_feed')
