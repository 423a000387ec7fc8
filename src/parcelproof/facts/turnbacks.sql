-- One row: a shipment that turned round as parcels do that nobody called back: without a scan of a recall, or on the buyer's side, in its
-- city, or in its province where the shop is in another. There parcels are refused, or found damaged, and the scan that says so can be missed.
with turned as (
    select
        shipment,
        try_cast(place_city(adcode) as integer) as city,
        try_cast(place_province(adcode) as integer) as province,
        event_place(events[1]) as first_code,
        list_contains(list_transform(events, lambda e: event_stage(e)), 9) as called_back,
        list_transform(
            list_filter(events, lambda e: event_time(e) <= recalled_at and event_stage(e) between 2 and 6), lambda e: event_place(e)
        ) as places
    from shipments
    where recalled_at is not null
)

select shipment
from turned
where
    not called_back
    or first_code // 100 <> city and len(list_filter(places, lambda code: code // 100 = city)) > 0
    or first_code // 10000 <> province and len(list_filter(places, lambda code: code // 10000 = province)) > 0
