-- A fact that is told although the table that it rests on is missing.
select order_id, waybill_no, trace_known, merge_agreed, same_review_elsewhere, complaint_empty_parcel
from facts
where
    not $has_scans and (trace_known or coalesce(first_scan_at, collected_at, delivered_at) is not null or days_since_earlier_trace is not null)
    or not $has_order_events and (coalesce(address_changed, merge_agreed) is not null or refund_requested_at is not null or recalled_before_any_request)
    or not $has_receipts and (confirmed_at is not null or same_review_elsewhere is not null)
    or not $has_complaints and coalesce(complaint_not_received, complaint_empty_parcel, complaint_wrong_item, complaint_short) is not null
