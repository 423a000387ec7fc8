-- One row: a shipment that was not picked up within a day of its declaration, or within half a day where the order is instant.
select
    shipment,
    carrier,
    merchant_id
from shipments
where
    merchant_id is not null
    and coalesce(collected_at, withdrawn_at, $as_of) > declared_at + case when mode = 'instant' then interval 12 hours else interval 24 hours end
