-- Moments of a trace that contradict one another: a delivery before the pickup, a last scan before the first.
select order_id, waybill_no, first_scan_at, collected_at, hub_at, delivered_at, last_scan_at
from facts
where
    collected_at < first_scan_at
    or hub_at < collected_at
    or delivered_at < collected_at
    or returned_at < collected_at
    or last_scan_at < greatest(collected_at, hub_at, delivered_at, returned_at, recalled_at)
    or longest_stall_from < hub_at
    or (delivered_at is not null or returned_at is not null) and collected_at is null
