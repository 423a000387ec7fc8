-- One row: a shipment whose first scan of a sorting centre is a departure, half a day or more after its pickup. When it came there nobody told.
select shipment
from shipments
where
    hub_at > collected_at + interval 12 hours
    and event_stage(list_filter(events, lambda e: event_time(e) = hub_at)[1]) = 3
