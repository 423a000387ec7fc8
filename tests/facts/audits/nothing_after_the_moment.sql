-- A moment that nobody could know of yet.
select order_id, waybill_no, as_of
from facts
where
    greatest(
        paid_at, declared_at, withdrawn_at, first_scan_at, collected_at, hub_at, delivered_at, returned_at, last_scan_at, recalled_at, longest_stall_from,
        refund_requested_at, confirmed_at, number_first_used_at, act_time
    ) > $as_of
