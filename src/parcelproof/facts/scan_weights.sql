-- One row: a shipment and the largest weight that any site measured on its own use of the number; the milder one where a light
-- parcel is the suspicion.
select shipment, max(weight_g) as weight_g
from own_scans
where weight_g is not null
group by shipment
