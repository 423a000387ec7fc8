-- One row: a declared shipment and the branch that picked it up, or ought to have: the outlet on its label, else the site of its
-- pickup, else the branch that picks up most of the shop's parcels. A label's outlet is a name of its own, below 0.
-- @view
select
    shipments.shipment,
    shipments.carrier,
    shipments.merchant_id,
    shipments.declared_at,
    shipments.collected_at,
    shipments.withdrawn_at,
    coalesce(
        -cast(key_of(shipment_labels.sender_outlet) >> 1 as bigint) - 1,
        case when shipments.pickup_scanned then shipments.collected_site end,
        usual_branches.site
    ) as site
from shipments
left join shipment_labels using (shipment)
left join usual_branches on usual_branches.carrier = shipments.carrier and usual_branches.merchant_id = shipments.merchant_id
where shipments.declared_at is not null and shipments.merchant_id is not null
