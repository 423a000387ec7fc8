-- One row: a shipment that a disturbance may touch, with its places and its windows.
-- Only shipments that some disturbance overlaps in time are here: where nothing was announced and no feed failed, none is.
with known as (
    select min(starts_at) as first_at, max(ends_at) as last_at
    from disturbances
    having count(*) > 0
),

spans as (
    select
        shipments.shipment,
        shipments.carrier,
        shipments.paid_at,
        shipments.declared_at,
        coalesce(shipments.collected_at, shipments.withdrawn_at, $as_of) as pickup_end,
        shipments.collected_at,
        coalesce(shipments.hub_at, shipments.waiting_at, $as_of) as hub_end,
        coalesce(shipments.collected_at, $as_of) as ship_end,
        least(shipments.paid_at, shipments.declared_at) as span_start,
        coalesce(shipments.waiting_at, $as_of) as span_end,
        list_filter(
            [shipments.adcode, shipment_labels.sender_adcode, merchants.adcode, lpad(cast(nullif(shipments.first_code, 0) as varchar), 6, '0')],
            lambda code: code is not null
        ) as ends
    from shipments
    inner join known
        on known.first_at <= coalesce(shipments.waiting_at, $as_of)
        and known.last_at >= least(shipments.paid_at, shipments.declared_at)
    left join shipment_labels using (shipment)
    left join merchants on merchants.merchant_id = shipments.merchant_id
)

select
    spans.*,
    coalesce(list_distinct(list_transform(
        list_filter(shipment_traces.events, lambda e: event_place(e) > 0), lambda e: lpad(cast(event_place(e) as varchar), 6, '0')
    )), []) as passed
from spans
left join shipment_traces using (shipment)
