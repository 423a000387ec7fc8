-- One row: a shipment and the label of its number. A label made more than 30 days before the declaration belongs to an
-- earlier use of the number, one made more than 30 days after the last scan, or the declaration, to a later use.
select
    shipments.shipment,
    shipments.merchant_id,
    labels.sender_key,
    labels.sender_adcode,
    labels.sender_outlet,
    labels.recipient_key,
    labels.phone_key,
    labels.adcode,
    labels.weight_g
from shipments
inner join labels on labels.carrier = shipments.carrier and labels.number = shipments.number
where
    labels.created_at is null
    or (
        labels.created_at >= shipments.declared_at - interval 30 days
        and labels.created_at <= greatest(shipments.last_scan_at, shipments.declared_at) + interval 30 days
    )
