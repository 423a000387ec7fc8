-- One row: the events of one waybill in order, as one carrier text and one number were written in the feed.
-- A scan counts from the moment it was received; a missing received_at means it was known when it happened.
with collected as (
    select
        carrier,
        waybill_no,
        collect_events(event_of(event_time, stage, adcode, coalesce(facility_id, place))) as events
    from scans
    where event_time <= $as_of and (received_at is null or received_at <= $as_of)
    group by carrier, waybill_no
)

select carrier, waybill_no, sort_events(events) as events
from collected
