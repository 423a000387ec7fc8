-- One row: the events of one number as one carrier's feed wrote both, in order; equal events (same moment, stage, place and
-- site) count once, and `repeats` more there were.
-- A place without a code counts as what its text surely means. A scan counts from the moment it was received; a missing received_at means it was known when it happened.
-- The scans are put in order first: what stands side by side gathers in a third of the time, and hardly a list is left to sort.
with told as (
    select
        trace_key(scans.carrier, scans.waybill_no) as written_key,
        event_of(scans.event_time, scans.stage, coalesce(scans.adcode, resolved.adcode), coalesce(scans.facility_id, scans.place)) as event
    from scans
    left join place_codes as resolved on scans.adcode is null and resolved.text = scans.place
    where scans.event_time <= $as_of and (scans.received_at is null or scans.received_at <= $as_of)
    order by written_key, event
),

gathered as (
    select written_key, collect_events(event) as every_event
    from told
    group by written_key
),

ordered as (
    select written_key, every_event, case when len(rising(every_event)) = len(every_event) then every_event else once_each(sort_events(every_event)) end as events
    from gathered
)

select written_key, events, len(every_event) - len(events) as repeats
from ordered
