-- One row: a shipment whose number was used more than once, and which use is its own. A use can be its own if it was still
-- alive 30 days before the declaration or later; of several, the nearest to the declaration, and of equally near ones the
-- later.
select shipment_keys.shipment, use_facts.use_no
from shipment_keys
inner join use_facts on use_facts.carrier = shipment_keys.carrier and use_facts.number = shipment_keys.number
where use_facts.use_count > 1 and use_facts.last_scan_at >= shipment_keys.declared_at - interval 30 days
qualify row_number() over (
    partition by shipment_keys.shipment
    order by
        greatest(
            epoch_us(shipment_keys.declared_at) - epoch_us(use_facts.last_scan_at),
            epoch_us(use_facts.first_scan_at) - epoch_us(shipment_keys.declared_at),
            0
        ),
        use_facts.first_scan_at desc
) = 1
