-- One row: one scan, and when it became known. Some scans are lost, some told late, some name their place in words only.
with known as (
    select
        steps.id * 32 + step as scan,
        carriers.carrier,
        number_for(carriers.prefix, carriers.digits, steps.parcel) as waybill_no,
        steps.second
        + case when steps.story = 'cloned_with_jitter' then pick(steps.id * 32 + step, 'jitter', 61) - 30 else 0 end as second,
        stage,
        step,
        district,
        hub,
        outlet,
        story,
        carriers.number as carrier_no,
        coalesce(lost.from_second, 0) as lost_from,
        coalesce(lost.until_second, 0) as lost_until,
        late.from_second as late_from,
        late.until_second as late_until
    from steps
    inner join carriers on carriers.number = steps.carrier_no
    left join outages as lost on lost.kind = 'lost' and lost.carrier_no = steps.carrier_no and steps.second >= lost.from_second and steps.second < lost.until_second
    left join outages as late on late.kind = 'late' and late.carrier_no = steps.carrier_no and steps.second >= late.from_second and steps.second < late.until_second
    where lost.kind is null and dice(steps.id * 32 + step, 'lost') >= $scan_lost
),

brought as (
    select n, waybill_no, shop, destination, unnest([
        {'step': 0, 'stage': 'out_for_delivery', 'second': declared + 3600 + pick(n, 'sets out', 72000)},
        {'step': 1, 'stage': 'delivered', 'second': declared + 3600 + pick(n, 'sets out', 72000) + 1800 + pick(n, 'brought', 20000)}
    ], recursive := true)
    from told
    where pattern = 'honest_self_delivery'
),

received as (
    select
        *,
        second + case
            when late_until is not null then late_until - second + pick(scan, 'caught up', 10800)
            when dice(scan, 'late') < $scan_late then 7200 + pick(scan, 'how late', 140000)
            else cast(-ln(1 - dice(scan, 'lag')) * 360 as bigint)
        end as received,
        dice(coalesce(hub, district) * 10 + carrier_no, 'words') < $text_only or story = 'honest_renamed_place' and step >= 8 as in_words
    from known
)

select
    received.carrier,
    received.waybill_no,
    utc(received.second) as event_time,
    utc(received.received) as received_at,
    received.stage,
    case when in_words then
        coalesce(districts.city_name || case when story = 'honest_renamed_place' then coalesce(districts.former_name, districts.name) else districts.name end, hubs.city_name)
    end as place,
    case when not in_words then cast(coalesce(received.district, received.hub) as varchar) end as adcode,
    received.carrier || '-' || case when received.hub is not null then 'H' || received.hub else received.district || '-' || received.outlet end as facility_id
from received
left join districts on districts.district = received.district
left join cities as hubs on hubs.city = received.hub
where received.received < ($days + $watched_days) * 86400
union all
select
    'SELF', waybill_no, utc(second), utc(second + 60), stage, null, cast(destination as varchar), null
from brought
where second + 60 < ($days + $watched_days) * 86400
order by event_time, waybill_no, stage, received_at, adcode
