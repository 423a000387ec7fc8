-- One row: a shipment with a silence of two days or more, how many scans that its carrier usually makes are missing within it, and,
-- where it goes on, the chance that a parcel went on and was delivered and its feed lost every scan of that.
-- A sorting centre that a parcel left it had come to, however seldom the feed loses a scan.
-- Beyond the destination's city the sorting centre there would have been lost as well.
-- `stall_troubled`: it began with trouble that the carrier told of and ended as the parcel came back; unknown where only one of the two is told.
with silences as (
    select
        shipments.shipment,
        shipments.carrier,
        shipments.merchant_id,
        shipments.stall_goes_on,
        coalesce(shipment_labels.adcode, shipments.adcode) as adcode,
        list_filter(shipment_traces.events, lambda e: event_time(e) <= shipments.longest_stall_from)[-1] as last_event,
        list_filter(shipment_traces.events, lambda e: event_time(e) > shipments.longest_stall_from)[1] as next_event
    from shipments
    inner join shipment_traces using (shipment)
    left join shipment_labels using (shipment)
    where shipments.longest_stall_hours >= 48
),

staged as (
    select
        *,
        event_stage(last_event) as last_stage,
        event_stage(next_event) as next_stage,
        event_place(last_event) <> event_place(next_event) as moved,
        coalesce(event_place(last_event) // 100 <> try_cast(place_city(adcode) as integer), false) as is_far
    from silences
)

select
    staged.shipment,
    feed_losses.feed_loss,
    case when staged.stall_goes_on then 0 when last_stage = 3 and next_stage = 3 and moved then 1 when feed_losses.feed_loss < 0.005 then 0 else
        case when last_stage = 2 and (next_stage between 4 and 8 or next_stage = 2 and moved) and hub_out_missing < 0.5 then 1 else 0 end
        + case when last_stage < 4 and next_stage between 5 and 8 and outlet_missing < 0.5 then 1 else 0 end
        + case when last_stage < 5 and next_stage = 7 and round_missing < 0.5 then 1 else 0 end
    end as scans_missed,
    case when not staged.stall_goes_on then 0.0 else
        feed_loss * round_missing
        * case when last_stage = 4 then 1 else outlet_missing end
        * case when last_stage in (3, 4) then 1 else hub_out_missing end
        * case when is_far then feed_loss * feed_loss else 1 end
    end as lost_chance,
    case
        when staged.last_stage = 12 and coalesce(staged.next_stage in (10, 11), false) then true
        when staged.last_stage <> 12 and not coalesce(staged.next_stage in (10, 11), false) then false
    end as stall_troubled
from staged
inner join feed_losses using (carrier, merchant_id)
