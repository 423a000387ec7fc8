-- One row: a scan of a shipment's own use of its number, as it stands in the feed, known by then. For the few questions that
-- an event does not answer.
-- @view
select shipments.shipment, scans.event_time, scans.stage, coalesce(scans.facility_id, scans.place) as site, scans.weight_g
from scans
left join trace_names as names on names.written_key = trace_key(scans.carrier, scans.waybill_no)
inner join shipments on shipments.trace_key = coalesce(names.trace_key, trace_key(scans.carrier, scans.waybill_no))
where scans.event_time between shipments.first_scan_at and shipments.last_scan_at
    and (scans.received_at is null or scans.received_at <= $as_of)
