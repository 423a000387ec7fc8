-- A fact of a trace that is told although the carrier's feed is not proven alive.
select order_id, waybill_no, scans_on_trace, hours_without_pickup, longest_stall_hours
from facts
where
    not trace_known
    and (
        coalesce(
            scans_on_trace, hours_without_pickup, hours_without_hub, longest_stall_hours, hours_late, minutes_scanned_before_payment, identical_traces,
            fastest_leg_kmh, repeated_nodes, hours_to_delivery
        ) is not null
        or recalled_before_any_request is not null
    )
