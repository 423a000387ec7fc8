-- A part that is larger than its whole.
select order_id, waybill_no, other_recipients_on_number, other_orders_on_number, numbers_standing, numbers_on_order
from facts
where
    other_recipients_on_number > other_orders_on_number
    or numbers_standing > numbers_on_order
    or not first_to_use_number and other_orders_on_number = 0
    or number_first_used_at > declared_at
    or identical_trace_destinations > identical_traces + 1
    or repeated_nodes >= scans_on_trace and repeated_nodes > 0
