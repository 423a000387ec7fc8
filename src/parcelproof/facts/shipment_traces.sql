-- One row: a shipment and the events of its own use of the number, in order.
-- @view
select shipment, events
from shipments
where events is not null
