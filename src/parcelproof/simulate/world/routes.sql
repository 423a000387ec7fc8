-- One row: a parcel and the seconds of its way, as if every scan were made. Parcels of one truck leave and arrive together.
-- What stands still anywhere waits for the next truck.
with laid as (
    select
        sent.* exclude (collected),
        collected,
        carriers.carrier,
        starts.city as from_city,
        starts.hub as from_hub,
        ends.city as to_city,
        ends.hub as to_hub,
        lanes.km,
        lanes.relay,
        case
            when lanes.km < 1 then 0
            when carriers.carrier = 'SF' and lanes.km > 800 and dice(dice_of, 'flies') < $air_share then lanes.km / 450 + 5
            else lanes.km * 1.25 / lanes.kmh + 1
        end as travel_hours,
        (lanes.from_hub * 7 + lanes.to_hub * 13 + sent.carrier_no) as lane,
        collected + cast(between_dice(dice_of, 'to the hub', 1.5, 4.5) * 3600 as bigint)
        + case when pattern = 'slow_hub' then cast(between_dice(dice_of, 'slow', 24, 45) * 3600 as bigint) else 0 end as hub_in
    from sent
    inner join carriers on carriers.number = sent.carrier_no
    inner join districts as from_districts on from_districts.district = sent.origin
    inner join cities as starts on starts.city = from_districts.city
    inner join districts as to_districts on to_districts.district = sent.destination
    inner join cities as ends on ends.city = to_districts.city
    inner join lanes on lanes.from_hub = starts.hub and lanes.to_hub = ends.hub
),

loaded as (
    select laid.*, coalesce(jams.until_second, closures.until_second) as held_until
    from laid
    left join jams
        on jams.hub = laid.from_hub and jams.carrier_no = laid.carrier_no
        and laid.hub_in + 3600 >= jams.from_second and laid.hub_in + 3600 < jams.until_second
    left join closures
        on closures.city = laid.from_city
        and laid.hub_in + 3600 >= closures.from_second and laid.hub_in + 3600 < closures.until_second
),

trucks as (
    select
        * exclude (held_until),
        held_until is not null as held_at_start,
        case
            when from_hub = to_hub then cast(ceil((coalesce(held_until, hub_in) + 3600 + pick(dice_of, 'sorted', 7200)) / 3600) * 3600 as bigint)
            else cast(ceil((coalesce(held_until, hub_in) + 3600 - pick(lane, 'timetable', 43200)) / 43200) * 43200 as bigint) + pick(lane, 'timetable', 43200)
        end as leaves
    from loaded
),

driven as (
    select
        * exclude (leaves),
        leaves + pick(lane * 1000 + leaves // 43200, 'delay of the truck', 1800) as hub_out,
        case when pattern = 'stitched_trace' then between_dice(dice_of, 'stitched', 0.3, 1) else travel_hours * between_dice(lane * 1000 + leaves // 43200, 'road', 0.95, 1.15) end as hours
    from trucks
),

arrived as (
    select
        *,
        relay is not null and pattern <> 'stitched_trace' and hours > 12 as has_relay,
        hub_out + cast(hours * 1800 as bigint) as relay_in,
        hub_out + cast(hours * 1800 as bigint) + 4300 as relay_out,
        hub_out + cast(hours * 3600 as bigint) + case when relay is not null and hours > 12 then 4300 else 0 end as arrive,
        case when pattern = 'stalled' then cast(between_dice(dice_of, 'lies', 125, 200) * 3600 as bigint) else 0 end as lies
    from driven
),

released as (
    select
        arrived.*,
        coalesce(jams.until_second, closures.until_second) is not null as held_at_end,
        held_at_start and closures.pattern is null and jams.until_second is null as only_at_start,
        jams.until_second is not null as jammed,
        closures.pattern as closed_by,
        next_hour(coalesce(jams.until_second, closures.until_second, arrived.arrive + 3600 + lies), 5, 12) as to_outlet
    from arrived
    left join jams
        on jams.hub = arrived.to_hub and jams.carrier_no = arrived.carrier_no
        and arrived.arrive + 3600 + lies >= jams.from_second and arrived.arrive + 3600 + lies < jams.until_second
    left join closures
        on closures.city = arrived.to_city
        and arrived.arrive + 3600 + lies >= closures.from_second and arrived.arrive + 3600 + lies < closures.until_second
),

handed as (
    select
        *,
        to_outlet + 3600 + pick(destination, 'to the outlet', 5400) as outlet_in,
        dice(dice_of, 'station') < $to_station as at_station,
        dice(dice_of, 'attempt') < $attempt_failed as fails_once
    from released
),

ended as (
    select
        *,
        outlet_in + 1200 + pick(dice_of, 'out', 3600) as out_for_delivery,
        pattern in ('signed_for_nobody', 'honest_station_signs_in_bulk') as signed_at_once
    from handed
),

timed as (
    select
        *,
        case
            when signed_at_once then outlet_in + cast(between_dice(dice_of, 'at once', 1.5, 8.5) * 60 as bigint)
            when at_station then out_for_delivery + 7200 + cast(pow(dice(dice_of, 'fetched'), 2) * 40 * 3600 as bigint)
            when fails_once then out_for_delivery + 86400
            else out_for_delivery + 1800 + pick(dice_of, 'round', 16000)
        end as delivered,
        case
            when pattern = 'false_pickup' then collected
            when pattern = 'honest_refund_recall' then collected + cast(between_dice(dice_of, 'recall', 6, 16) * 3600 as bigint)
            when pattern = 'recalled_unasked' then collected + cast(between_dice(dice_of, 'recall', 3, 20) * 3600 as bigint)
            when pattern in ('honest_refused', 'honest_undeliverable') then out_for_delivery
            when pattern = 'honest_damaged' then arrive
            when pattern = 'honest_replaced_parcel' and part = 'own' then hub_out
        end as stops_at
    from ended
)

select
    * exclude (pattern, travel_hours, hours, lies, closed_by, jammed, only_at_start, held_at_start, held_at_end),
    pattern as story,
    case
        when pattern not in ('honest') then pattern
        when jammed then 'honest_hub_jam'
        when closed_by is not null then closed_by
        when held_at_start then 'honest_hub_jam'
        else pattern
    end as pattern
from timed
