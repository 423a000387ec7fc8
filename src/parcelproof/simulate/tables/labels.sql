-- One row: one shipment and what is true of it.
with all_shipments as (
    select n, carrier, waybill_no, pattern from sold
    union all
    select n, carrier, number_for(carriers.prefix, carriers.digits, n + case when pattern in ('honest_split', 'honest_replaced_parcel') then 2000000000 else 5000000000 end), pattern
    from sold
    inner join carriers using (carrier)
    where pattern in ('honest_split', 'honest_replaced_parcel', 'honest_number_corrected', 'several_numbers_on_late_order')
)

select order_name(n) as order_id, case when waybill_no is not null then carrier end as carrier, waybill_no, patterns.truth, pattern
from all_shipments
inner join patterns using (pattern)
order by order_id, waybill_no
