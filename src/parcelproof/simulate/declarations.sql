-- One row: one declared number. A slip is put right after two hours with the true number.
select order_id, carrier, waybill_no, declared_at, cast(null as timestamp) as withdrawn_at from world
union all
select order_id, carrier, '79' || waybill_no[3:], declared_at - to_hours(2), declared_at from world where pattern = 'honest_number_corrected'
order by order_id, waybill_no
