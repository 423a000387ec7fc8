-- One row: one scan as it was made: its parcel, its step, its second, and at which district's outlet or which city's hub.
with steps as (
    select id, parcel, carrier_no, story, stops_at, 0 as step, 'created' as stage, labelled as second, origin as district, null::integer as hub, outlet
    from seen where part <> 'earlier' and story not in ('cloned_trace', 'cloned_with_jitter') and dice(parcel, 'label scan') < 0.4
    union all
    select id, parcel, carrier_no, story, stops_at, 1, 'collected', collected, origin, null, outlet from seen where story <> 'honest_missed_pickup_scan' and not pickup_lost
    union all
    select id, parcel, carrier_no, story, stops_at, 2, 'hub_in', hub_in, null, from_hub, null from seen where story <> 'honest_missed_hub_scan'
    union all
    select id, parcel, carrier_no, story, stops_at, 3, 'hub_out', hub_out, null, from_hub, null from seen where story <> 'honest_missed_hub_scan'
    union all
    select id, parcel, carrier_no, story, stops_at, 4, 'hub_in', relay_in, null, relay, null from seen where has_relay
    union all
    select id, parcel, carrier_no, story, stops_at, 5, 'hub_out', relay_out, null, relay, null from seen where has_relay
    union all
    select id, parcel, carrier_no, story, stops_at, 6, 'hub_in', arrive, null, shown_hub, null from seen where from_hub <> to_hub
    union all
    select id, parcel, carrier_no, story, stops_at, 7, 'hub_out', to_outlet, null, shown_hub, null from seen
    union all
    select id, parcel, carrier_no, story, stops_at, 8, 'outlet_in', outlet_in, shown_destination, null, 0 from seen where not ending_lost
    union all
    select id, parcel, carrier_no, story, stops_at, 9, 'out_for_delivery', out_for_delivery, shown_destination, null, 0 from seen where not ending_lost and not signed_at_once
    union all
    select id, parcel, carrier_no, story, stops_at, 10, 'pickup_ready', out_for_delivery + 5400, shown_destination, null, 0
    from seen where at_station and not ending_lost and not signed_at_once
    union all
    select id, parcel, carrier_no, story, stops_at, 11, 'attempt_failed', out_for_delivery + 7200, shown_destination, null, 0
    from seen where fails_once and not at_station and not ending_lost and not signed_at_once
    union all
    select id, parcel, carrier_no, story, stops_at, 12, 'delivered', delivered, shown_destination, null, 0 from seen where not ending_lost
),

turned as (
    select id, parcel, carrier_no, story, stops_at, 13 as step, 'recalled' as stage, stops_at as second, null::integer as district, from_hub as hub, null::integer as outlet
    from seen where story in ('honest_refund_recall', 'recalled_unasked')
    union all
    select id, parcel, carrier_no, story, stops_at, 14, 'exception', stops_at + 3600, null, case story when 'honest_damaged' then to_hub else from_hub end, null
    from seen where story in ('honest_damaged', 'honest_replaced_parcel') and stops_at is not null
    union all
    select id, parcel, carrier_no, story, stops_at, 15 + again, 'attempt_failed', stops_at + 7200 + again * 86400, destination, null, 0
    from seen cross join range(3) as series(again)
    where story = 'honest_undeliverable' or story = 'honest_refused' and again = 0
    union all
    select id, parcel, carrier_no, story, stops_at, 18, 'returning', stops_at + case story when 'honest_undeliverable' then 260000 when 'honest_refused' then 20000 else 9000 end, null,
        case when story in ('honest_refused', 'honest_undeliverable', 'honest_damaged') then to_hub else from_hub end, null
    from seen where story in ('honest_refund_recall', 'recalled_unasked', 'honest_damaged', 'honest_refused', 'honest_undeliverable')
        or story = 'honest_replaced_parcel' and stops_at is not null
    union all
    select id, parcel, carrier_no, story, stops_at, 19, 'returned',
        stops_at + case story when 'honest_undeliverable' then 480000 when 'honest_refused' then 240000 when 'honest_damaged' then 230000 else 90000 end,
        origin, null, outlet
    from seen where story in ('honest_refund_recall', 'recalled_unasked', 'honest_damaged', 'honest_refused', 'honest_undeliverable')
        or story = 'honest_replaced_parcel' and stops_at is not null
)

select * exclude (stops_at)
from steps
where stops_at is null or second <= stops_at
union all
select * exclude (stops_at)
from turned
