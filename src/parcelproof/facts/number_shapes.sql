-- One row: a declared number without any scan of its own, and whether it has a shape that its carrier is known to use.
-- A number that was scanned needs no such hint; a carrier whose shapes are not known gives no row.
select
    shipments.shipment,
    bool_or(regexp_full_match(shipments.number, carrier_shapes.pattern)) as valid
from shipments
inner join carrier_shapes on carrier_shapes.carrier = shipments.carrier
where shipments.scans_on_trace is null
group by shipments.shipment
