-- One row: a shipment and a step of its way that took longer than any rule allows, where the step began and in which hour since
-- 1970, and how slow it was: the least wait, twice it or four times it (`delay` 1, 2, 4). A silence is looked for twice: at its
-- site, among what was told there at the same stage (`stay_of`), and on its lane from city to province, counted from the first sorting
-- centre. The lane's number stands below 0. So is a wait for the pickup of more than 42 hours: among those declared with it, and among those
-- of a day before it was collected, which were left lying with it.
with steps as (
    select
        slow_pickups.shipment, 'pickup' as step, pickup_sites.carrier, pickup_sites.site, pickup_sites.merchant_id,
        pickup_sites.declared_at as began_at, coalesce(pickup_sites.collected_at, $as_of) as ended_at, 24 as least, pickup_sites.declared_at as beside_at
    from slow_pickups
    inner join pickup_sites using (shipment)
    union all
    select
        slow_pickups.shipment, 'pickup', pickup_sites.carrier, pickup_sites.site, pickup_sites.merchant_id,
        pickup_sites.declared_at, pickup_sites.collected_at, 24, pickup_sites.collected_at - interval 30 hours
    from slow_pickups
    inner join pickup_sites using (shipment)
    where pickup_sites.collected_at > pickup_sites.declared_at + interval 42 hours
    union all
    select shipment, 'hub', carrier, collected_site, merchant_id, collected_at, coalesce(hub_at, waiting_at, $as_of), 24, collected_at
    from shipments
    where
        coalesce(hub_at, waiting_at, $as_of) > collected_at + case when mode = 'instant' then interval 12 hours else interval 24 hours end
    union all
    select
        shipment, 'stall', carrier,
        stay_of(longest_stall_site, event_stage(began), event_site(ended), adcode),
        merchant_id, longest_stall_from, longest_stall_from + hours(longest_stall_hours), 48, longest_stall_from
    from (
        select
            *,
            list_filter(events, lambda e: event_time(e) <= longest_stall_from)[-1] as began,
            list_filter(events, lambda e: event_time(e) > longest_stall_from)[1] as ended
        from shipments
        where longest_stall_hours >= 48
    )
    union all
    select
        shipment, 'lane', carrier, -(first_code // 100 * 100 + cast(place_province(adcode) as integer)), merchant_id,
        hub_at, hub_at + hours(longest_stall_hours), 48, hub_at
    from shipments
    where longest_stall_hours >= 48
)

select
    shipment, step, carrier, site, merchant_id, epoch_us(beside_at) // 3600000000 as hour,
    case
        when hours_between(began_at, ended_at) >= 4 * least then 4
        when hours_between(began_at, ended_at) >= 2 * least then 2
        else 1
    end as delay
from steps
where site is not null and merchant_id is not null
