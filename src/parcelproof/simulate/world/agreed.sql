-- One row: an order as it stands: shop, buyer, goods, address, payment, and the day on which the shop hands it over.
-- Orders whose story found no partner are plain ones.
with paired as (
    select
        drawn.n,
        case
            when matched.n is null and drawn.pattern in ('honest_merged', 'honest_same_office', 'number_reused') then 'honest'
            else drawn.pattern
        end as pattern,
        drawn.ring,
        coalesce(matched.lot_shop, drawn.shop) as shop,
        case when drawn.pattern = 'honest_merged' then coalesce(matched.other_buyer, drawn.buyer) else drawn.buyer end as buyer,
        case
            when drawn.pattern in ('honest_merged', 'honest_same_office') and matched.n is not null
                then matched.other_paid + 60 + pick(drawn.n, 'soon', 600)
            when matched.lot_shop is not null then matched.other_paid + pick(drawn.n, 'in the lot', 7200)
            else drawn.paid
        end as paid,
        coalesce(matched.other, drawn.n) as trace_of,
        matched.other_paid as lot_paid,
        drawn.product_draw,
        drawn.quantity
    from drawn
    left join matched using (n)
),

addressed as (
    select
        paired.*,
        shops.* exclude (shop, city, promised_hours),
        shops.promised_hours + case when days.holiday then 48 else 0 end as promised_hours,
        paired.shop * 1000 + product_draw % products as product,
        paid // 86400 + case when paid % 86400 > (pickup_hour - 2) * 3600 then 1 else 0 end as first_day,
        case
            when pattern = 'honest_remote_hub' then 650102 + pick(n, 'remote', 4)
            when pattern = 'honest_same_office' then homes_of_other.value
            else homes.value
        end as destination,
        case when dice(n, 'second carrier') < $second_carrier then second_carrier_no else carrier_no end as by_carrier
    from paired
    inner join shops using (shop)
    left join days on days.day = paired.paid // 86400
    inner join home_slots as homes on homes.slot = pick(buyer, 'home', 20000)
    left join (select n as other_n, buyer as other_buyer from drawn) as other on other.other_n = paired.trace_of and paired.pattern = 'honest_same_office'
    left join home_slots as homes_of_other on homes_of_other.slot = pick(other.other_buyer, 'home', 20000)
),

-- Shops that rest on Sundays hand over on Monday; some orders take a day more where the promise allows it.
handed as (
    select
        *,
        first_day
        + case when not works_on_sundays and dayofweek(date '$start' + cast(first_day as integer)) = 0 then 1 else 0 end as earliest_day,
        case when dice(n, 'slow') < $slow_shops then 1 else 0 end as more_days
    from addressed
),

settled as (
    select
        *,
        earliest_day + case
            when dayofweek(date '$start' + cast(earliest_day + 1 as integer)) = 0 and not works_on_sundays then 0
            when (earliest_day + more_days) * 86400 + (pickup_hour + 2) * 3600 > paid + promised_hours * 3600 then 0
            else more_days
        end as pickup_day
    from handed
)

-- Where a closure was announced, the time that an order takes is nobody's offence: such stories are told elsewhere.
select
    settled.* exclude (pattern, first_day, earliest_day, more_days, works_on_sundays, product_draw, second_carrier_no, carrier_no, opened_day),
    case when closed.city is not null and settled.pattern in ('late_shipping', 'slow_pickup', 'slow_hub', 'stalled') then 'honest' else settled.pattern end as pattern,
    least(pickup_day * 86400 + pickup_hour * 3600 + pick(n, 'pickup', 5400), paid + promised_hours * 3600 - 600) as pickup,
    categories.weight_g * exp(categories.weight_spread * bell(product, 'weight')) as piece_g,
    greatest(1, round(categories.price * exp(categories.price_spread * bell(product, 'price')), 2)) as price
from settled
inner join categories on categories.category = settled.category
inner join districts as starts on starts.district = settled.origin
inner join districts as ends on ends.district = settled.destination
left join (
    select city, min(from_second) as from_second, max(until_second) as until_second from closures group by city
) as closed on closed.city in (starts.city, ends.city) and settled.paid - 86400 < closed.until_second and settled.paid + 1209600 > closed.from_second
qualify row_number() over (partition by settled.n order by closed.city) = 1
