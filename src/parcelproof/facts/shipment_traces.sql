-- One row: a shipment and the events of its own use of the number, in order.
-- @view
select shipments.shipment, use_facts.events
from shipments
inner join use_facts
    on use_facts.carrier = shipments.carrier and use_facts.number = shipments.number and use_facts.use_no = shipments.use_no
