-- One row: a shipment, bound for where its label says, else its order, that fell silent when the outlet was all that was left to tell of it:
-- it was at the last sorting centre, in its buyer's province, had left one, or had come to the outlet. Such a silence may be that site's lost
-- feed. `ending_told`: of the other parcels that were told there, with the same last stage and for the same district, within an
-- hour of it, three at least and nine of ten were told further on; false where three at least, of two other shops, were
-- told no further. Where fewer were there it is unknown in a marketplace where more than ten shops' parcels fell silent so, and elsewhere
-- they are taken as told. What came with another truck says nothing of a feed that failed for hours; a label that was printed when the parcel
-- was gone is no place where it lay.
with told as (
    select
        shipments.shipment, trace_key, shipments.carrier, shipments.merchant_id, coalesce(shipment_labels.adcode, shipments.adcode) as adcode,
        list_filter(events, lambda e: event_stage(e) > 0)[-1] as last_event
    from shipments
    left join shipment_labels using (shipment)
    where stall_goes_on and longest_stall_hours >= 24
),

silent as (
    select * exclude (last_event), event_site(last_event) as site, event_stage(last_event) as stage, event_time(last_event) as told_at
    from told
    where
        event_stage(last_event) in (3, 4)
        or event_stage(last_event) = 2 and event_place(last_event) // 10000 = try_cast(place_province(adcode) as integer)
),

stops as (
    select
        shipments.trace_key,
        shipments.carrier,
        shipments.merchant_id,
        shipments.adcode,
        unnest(shipments.events) as event,
        shipments.events[-1] as last_event
    from shipments
    semi join silent on silent.carrier = shipments.carrier and silent.adcode = shipments.adcode
),

onward as (
    select *, last_event > event and event_stage(last_event) >= 4 as goes_on
    from stops
),

fared as (
    select
        silent.shipment,
        count(*) filter (where stops.goes_on) as told,
        count(*) filter (where not stops.goes_on and stops.merchant_id is distinct from silent.merchant_id) as untold,
        count(distinct stops.merchant_id) filter (where not stops.goes_on and stops.merchant_id is distinct from silent.merchant_id) as untold_shops
    from silent
    inner join onward as stops
        on stops.carrier = silent.carrier and stops.adcode = silent.adcode
        and event_site(stops.event) = silent.site and event_stage(stops.event) = silent.stage
        and event_time(stops.event) between silent.told_at - interval 1 hour and silent.told_at + interval 1 hour
        and event_time(stops.event) <= $as_of - interval 24 hours
        and stops.trace_key <> silent.trace_key
    group by silent.shipment
)

select
    silent.shipment,
    coalesce(fared.told + fared.untold, 0) as ending_others,
    case
        when fared.told >= 3 and fared.told >= 9 * fared.untold then true
        when fared.untold >= 3 and fared.untold_shops >= 2 and fared.told = 0 then false
        when (select count(distinct merchant_id) from silent) <= 10 then true
    end as ending_told
from silent
left join fared using (shipment)
