-- One row: a scan of a shipment's own use of its number, as it stands in the feed, known by then. For the few questions that
-- an event does not answer.
-- @view
select shipments.shipment, scans.event_time, scans.stage, coalesce(scans.facility_id, scans.place) as site, scans.weight_g
from scans
left join trace_names as names on names.written_carrier = scans.carrier and names.waybill_no = scans.waybill_no
inner join shipments
    on shipments.carrier = coalesce(names.carrier, scans.carrier)
    and shipments.number = coalesce(names.number, scans.waybill_no)
where scans.event_time between shipments.first_scan_at and shipments.last_scan_at
    and (scans.received_at is null or scans.received_at <= $as_of)
