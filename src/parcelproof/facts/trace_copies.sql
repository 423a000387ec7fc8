-- One row: a shipment whose whole trace, ending included, is equal to another number's: same moments, stages, places, sites.
-- Parcels of one truck share its scans up to the split and part after it, so the ending must be equal too.
with repeated as (
    select trace_hash
    from shipments
    where trace_hash is not null
    group by trace_hash
    having count(*) > 1
),

candidates as (
    select shipments.shipment, shipments.trace_key, shipment_traces.events, place_city(shipments.adcode) as city
    from shipments
    semi join repeated on repeated.trace_hash = shipments.trace_hash
    inner join shipment_traces on shipment_traces.shipment = shipments.shipment
),

copies as (
    select events, count(distinct trace_key) - 1 as identical_traces, count(distinct city) as identical_trace_destinations
    from candidates
    group by events
)

select candidates.shipment, copies.identical_traces, copies.identical_trace_destinations
from candidates
inner join copies using (events)
where copies.identical_traces > 0
