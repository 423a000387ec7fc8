-- One row: a shipment touched by announced disruptions, and the hours that do not count in each of its windows.
-- An announcement takes out the hours that it overlaps, or the hours that it grants where those are more. One whose place
-- cannot be told takes out none, and whether it waives the windows is unknown. An outage of the feed takes its hours out of a window that a
-- later scan closed; of an open one it ends what is proved.
select
    shipment,
    case when bool_or(waive and certain) then true when bool_or(certain is null) then null else false end as waived,
    sum(paused_hours(declared_at, pickup_end, starts_at, ends_at, extra_hours)) filter (where certain and (announced or collected_at is not null)) as hours_paused_pickup,
    sum(paused_hours(collected_at, hub_end, starts_at, ends_at, extra_hours)) filter (where certain and (announced or hub_end < $as_of)) as hours_paused_hub,
    sum(paused_hours(paid_at, ship_end, starts_at, ends_at, extra_hours)) filter (where certain and (announced or collected_at is not null)) as hours_paused_ship,
    sum(paused_hours(coalesce(declared_at, paid_at), span_end, starts_at, ends_at, extra_hours)) filter (where certain) as hours_paused
from touches
group by shipment
