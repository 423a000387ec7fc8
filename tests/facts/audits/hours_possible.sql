-- Hours and minutes that no clock can show: below nothing, or longer than there was time for.
select order_id, waybill_no, hours_without_pickup, hours_without_hub, longest_stall_hours, hours_paused, minutes_scanned_before_payment
from facts
where
    least(
        hours_without_pickup, hours_without_hub, longest_stall_hours, hours_paused, minutes_scanned_before_payment, days_since_earlier_trace,
        number_withdrawn_after_hours, minutes_outlet_to_sign, fastest_leg_kmh
    ) < 0
    or hours_without_pickup > hours_between(declared_at, $as_of)
    or hours_without_hub > hours_between(collected_at, $as_of)
    or longest_stall_hours > hours_between(hub_at, greatest($as_of, last_scan_at))
    or hours_late > hours_between(promised_ship_at, $as_of)
