-- One row: a parcel that a carrier carried, whose it is, from where to where, and when it was collected. `dice_of` throws
-- its dice: the parcels of one forged lot, and two of one office, share them.
with own as (
    select
        told.n as id, told.n, told.pattern, 'own' as part, told.n as parcel, told.trace_of as dice_of, told.carrier_no, told.origin, told.outlet,
        told.sender_name, told.pickup as collected, told.declared as labelled,
        case told.pattern
            when 'cloned_trace' then firsts.destination
            when 'cloned_with_jitter' then firsts.destination
            when 'honest_pickup_point' then district_nearby
            when 'honest_neighbour_branch' then (select min(district) from districts where districts.city = told.neighbour)
            when 'honest_remote_hub' then 610113
            when 'honest_address_changed' then case when dice(told.n, 'how far') < 0.5 then elsewhere_in_province else other_province end
            when 'honest_gift' then case when dice(told.n, 'how far') < 0.7 then district_nearby else other_province end
            else told.destination
        end as destination
    from told
    left join (select n as first_n, destination from told) as firsts
        on firsts.first_n = told.trace_of and told.pattern in ('cloned_trace', 'cloned_with_jitter')
    where told.pattern not in (
        'never_handed_over', 'never_shipped', 'number_reused', 'honest_merged', 'foreign_parcel_other_province', 'foreign_parcel_other_city',
        'foreign_parcel_same_city', 'old_trace_before_payment', 'honest_no_feed', 'honest_self_delivery', 'silent_self_delivery'
    )
),

strangers as (
    select
        n + 1000000000 as id, n, pattern, 'stranger' as part, n + 1000000000 as parcel, n + 1000000000 as dice_of, told.carrier_no, senders.origin, 0 as outlet,
        's' || (3000000000 + n) as sender_name,
        case pattern
            when 'old_trace_before_payment' then paid - cast(between_dice(n, 'bought', 40, 110) * 3600 as bigint)
            else declared + cast(between_dice(n, 'bought', 0.5, 12) * 3600 as bigint)
        end as collected,
        case pattern
            when 'old_trace_before_payment' then paid - cast(between_dice(n, 'bought', 40, 110) * 3600 as bigint) - 7200
            else declared - 3600
        end as labelled,
        case pattern
            when 'foreign_parcel_other_province' then other_province
            when 'foreign_parcel_other_city' then elsewhere_in_province
            else district_nearby
        end as destination
    from told
    inner join shops as senders on senders.shop = pick(told.n, 'whose parcel', $shops)
    where pattern in ('foreign_parcel_other_province', 'foreign_parcel_other_city', 'foreign_parcel_same_city', 'old_trace_before_payment')
),

others as (
    select
        n + 2000000000 as id, n, pattern, 'second' as part, n + 2000000000 as parcel, n + 2000000000 as dice_of, carrier_no, origin, outlet, sender_name,
        case pattern when 'honest_split' then pickup + pick(n, 'second parcel', 300) else pickup + 50000 + pick(n, 'sent again', 60000) end as collected,
        case pattern when 'honest_split' then declared + 30 else pickup + 43200 end as labelled,
        destination
    from told
    where pattern in ('honest_split', 'honest_replaced_parcel')
    union all
    select
        n + 4000000000, n, pattern, 'earlier', n, n + 4000000000, carrier_no, origin, outlet, 's' || (4000000000 + n),
        declared - cast(between_dice(n, 'months ago', 60, 150) * 86400 as bigint),
        null, other_province
    from told
    where pattern = 'honest_recycled_number'
)

select * from own
union all by name
select * from strangers
union all by name
select * from others
