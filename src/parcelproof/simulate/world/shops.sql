-- One row: a shop: what it sells, from where, by whom, and when its parcels are fetched.
with numbered as (select shop from range($shops) as series(shop)),

described as (
    select
        numbered.shop,
        category_slots.value as category,
        seller_slots.value as city,
        carrier_slots.value as carrier_no,
        second_slots.value as second_carrier_no,
        pick(shop, 'hour of the pickup', 5) + 17 as pickup_hour,
        dice(shop, 'sundays') >= $no_sunday as works_on_sundays,
        1 + pick(shop, 'products', 40) as products,
        cast(-30 - floor(2200 * pow(dice(shop, 'age'), 2)) as bigint) as opened_day,
        case
            when dice(shop, 'sender') < $share_honest_shared_warehouse then 'warehouse'
            when dice(shop, 'sender') < $share_honest_shared_warehouse + $share_honest_industrial_belt then 'belt'
            else 'own'
        end as sender,
        pick(shop, 'which sender', greatest(1, $shops // 150)) as sender_no
    from numbered
    inner join category_slots on category_slots.slot = pick(shop, 'category', 1000)
    inner join seller_slots on seller_slots.slot = pick(shop, 'city', 1000)
    inner join carrier_slots on carrier_slots.slot = pick(shop, 'carrier', 1000)
    inner join carrier_slots as second_slots on second_slots.slot = pick(shop, 'second carrier', 1000)
),

housed as (
    select
        *,
        case sender when 'own' then city else (select value from seller_slots where slot = pick(described.sender_no, described.sender, 1000)) end as sends_from,
        case sender when 'own' then 's' || shop when 'warehouse' then 'w' || sender_no else 'b' || sender_no end as sender_name
    from described
)

select
    housed.* exclude (sends_from),
    districts.district as origin,
    case when works_on_sundays then 48 else 72 end as promised_hours
from housed
inner join districts
    on districts.city = housed.sends_from
    and districts.number_in_city = pick(housed.sender_name, 'district', districts.districts_in_city)
