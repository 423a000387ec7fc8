-- One row: the events of one waybill in order, as one carrier text and one number were written in the feed.
-- A place without a code counts as what its text surely means. A scan counts from the moment it was received; a missing received_at means it was known when it happened.
with collected as (
    select
        carrier,
        waybill_no,
        collect_events(event_of(event_time, stage, coalesce(scans.adcode, resolved.adcode), coalesce(facility_id, place))) as events
    from scans
    left join place_codes as resolved on scans.adcode is null and resolved.text = scans.place
    where event_time <= $as_of and (received_at is null or received_at <= $as_of)
    group by carrier, waybill_no
)

select carrier, waybill_no, sort_events(events) as events
from collected
