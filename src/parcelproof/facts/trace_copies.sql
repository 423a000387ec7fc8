-- One row: a shipment whose whole trace, ending included, is equal to another number's: same moments, stages, places, sites.
-- Parcels of one truck share its scans up to the split and part after it, so the ending must be equal too.
with candidates as (
    select shipment_traces.shipment, shipments.carrier, shipments.number, shipment_traces.events, place_city(shipments.adcode) as city
    from shipment_traces
    inner join shipments using (shipment)
    where len(shipment_traces.events) >= 5 and hash(shipment_traces.events) in (
        select hash(events) from shipment_traces where len(events) >= 5 group by hash(events) having count(*) > 1
    )
),

copies as (
    select events, count(distinct (carrier, number)) - 1 as identical_traces, count(distinct city) as identical_trace_destinations
    from candidates
    group by events
)

select candidates.shipment, copies.identical_traces, copies.identical_trace_destinations
from candidates
inner join copies using (events)
where copies.identical_traces > 0
