-- One row: a shipment whose number was used more than once, and which use is its own. A use can be its own if it was still
-- alive 30 days before the declaration or later; of several, the nearest to the declaration, and of equally near ones the
-- later.
with spans as (
    select trace_key, use_no, event_time(events[1]) as first_scan_at, event_time(events[-1]) as last_scan_at
    from uses
    where use_count > 1
)

select shipment_keys.shipment, spans.use_no
from shipment_keys
inner join spans on spans.trace_key = shipment_keys.trace_key
where spans.last_scan_at >= shipment_keys.declared_at - interval 30 days
qualify row_number() over (
    partition by shipment_keys.shipment
    order by
        greatest(
            epoch_us(shipment_keys.declared_at) - epoch_us(spans.last_scan_at),
            epoch_us(spans.first_scan_at) - epoch_us(shipment_keys.declared_at),
            0
        ),
        spans.first_scan_at desc
) = 1
