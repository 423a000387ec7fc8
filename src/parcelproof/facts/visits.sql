-- One row: a shipment and a facility named by some disruption that its parcel was scanned at.
select distinct own_scans.shipment, own_scans.site as facility_id
from own_scans
semi join disruptions on disruptions.facility_id = own_scans.site
