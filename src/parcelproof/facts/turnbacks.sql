-- One row: a shipment that came from another city and turned round in its buyer's: there it is refused, or found damaged, and the
-- scan that says so can be missed.
with turned as (
    select shipment, place_city(adcode) as city, list_filter(events, lambda e: event_time(e) <= recalled_at) as events
    from shipments
    where recalled_at is not null
)

select shipment
from turned
where
    event_place(events[1]) // 100 <> try_cast(city as integer)
    and len(list_filter(events, lambda e: event_stage(e) between 2 and 6 and event_place(e) // 100 = try_cast(city as integer))) > 0
