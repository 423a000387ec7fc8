-- One row: one declaration and what is true of it.
select order_id, carrier, waybill_no, truth, pattern from world
union all
select order_id, carrier, '79' || waybill_no[3:], 'honest', pattern from world where pattern = 'honest_number_corrected'
order by order_id, waybill_no
