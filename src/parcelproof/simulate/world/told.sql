-- One row: an order with the number that it declares. A merged order and a reused number declare another order's.
-- Two stories need a place that not every buyer has: without it the order is another story.
with numbered as (
    select
        promised.* exclude (pattern, declared),
        case
            when pattern = 'foreign_parcel_other_city' and homes.city = elsewhere.city then 'foreign_parcel_same_city'
            when pattern = 'honest_neighbour_branch' and cities.neighbour is null then 'honest'
            when pattern = 'honest_renamed_place' and homes.former_name is null then 'honest'
            else pattern
        end as pattern,
        promised.declared,
        homes.city as home_city,
        homes.province as home_province,
        elsewhere.district as elsewhere_in_province,
        abroad.value as other_province,
        cities.neighbour,
        nearby.district as district_nearby
    from promised
    inner join districts as homes on homes.district = promised.destination
    inner join cities on cities.city = homes.city
    inner join districts as elsewhere
        on elsewhere.province = homes.province
        and elsewhere.number_in_province = (
            homes.number_in_province + homes.districts_in_province // 3 + pick(promised.n, 'elsewhere', greatest(1, homes.districts_in_province // 3))
        ) % homes.districts_in_province
    inner join home_slots on home_slots.slot = pick(promised.buyer, 'home', 20000)
    inner join home_slots as abroad on abroad.slot = (home_slots.slot + 5000 + pick(promised.n, 'abroad', 10000)) % 20000
    inner join districts as nearby on nearby.city = homes.city and nearby.number_in_city = (homes.number_in_city + 1) % homes.districts_in_city
)

select
    numbered.* exclude (declared),
    case numbered.pattern
        when 'honest_no_feed' then 'LOCALEX'
        when 'honest_self_delivery' then 'SELF'
        when 'silent_self_delivery' then 'SELF'
        else carriers.carrier
    end as carrier,
    carriers.number as carrier_no,
    case numbered.pattern when 'never_shipped' then null else number_for(carriers.prefix, carriers.digits,
        case
            when numbered.pattern in ('honest_merged', 'number_reused') then numbered.trace_of
            when numbered.pattern in ('foreign_parcel_other_province', 'foreign_parcel_other_city', 'foreign_parcel_same_city', 'old_trace_before_payment')
                then numbered.n + 1000000000
            else numbered.n
        end)
    end as waybill_no,
    case
        when numbered.pattern = 'honest_merged' then greatest(numbered.paid + 120, other.declared)
        when numbered.pattern = 'number_reused' then greatest(numbered.declared, other.declared + 1800)
        else numbered.declared
    end as declared
from numbered
left join promised as other on other.n = numbered.trace_of and numbered.pattern in ('honest_merged', 'number_reused')
inner join carriers on carriers.number = coalesce(other.by_carrier, numbered.by_carrier)
