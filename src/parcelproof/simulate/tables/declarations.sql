-- One row: one declared number.
with all_numbers as (
    select
        n, carrier, waybill_no, declared,
        case pattern when 'honest_replaced_parcel' then pickup + 43200 end as withdrawn
    from sold
    where waybill_no is not null
    union all
    select sold.n, sold.carrier, number_for(carriers.prefix, carriers.digits, sold.n + 2000000000),
        case sold.pattern when 'honest_split' then declared + 30 else pickup + 43200 end, null
    from sold
    inner join carriers on carriers.number = sold.carrier_no
    where sold.pattern in ('honest_split', 'honest_replaced_parcel')
    union all
    select sold.n, sold.carrier, number_for(carriers.prefix, carriers.digits, sold.n + 5000000000),
        declared - cast(between_dice(n, 'slip', 0.1, 5) * 3600 as bigint), declared
    from sold
    inner join carriers on carriers.number = sold.carrier_no
    where sold.pattern = 'honest_number_corrected'
    union all
    select sold.n, sold.carrier, number_for(carriers.prefix, carriers.digits, sold.n + 5000000000),
        paid + promised_hours * 3600 - cast(between_dice(n, 'first number', 0.5, 12) * 3600 as bigint), null
    from sold
    inner join carriers on carriers.number = sold.carrier_no
    where sold.pattern = 'several_numbers_on_late_order'
)

select order_name(n) as order_id, carrier, waybill_no, utc(declared) as declared_at, utc(withdrawn) as withdrawn_at
from all_numbers
where declared < ($days + $watched_days) * 86400
order by order_id, waybill_no
