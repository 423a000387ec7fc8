-- One row: a shipment and the one use of its number that is its own. A use can be its own if it was still alive 30 days
-- before the declaration or later; of several, the nearest to the declaration, and of equally near ones the later.
with fitting as (
    select
        shipments.shipment,
        shipments.declared_at,
        uses.events,
        uses.earlier_use_ended_us,
        uses.reused,
        greatest(
            epoch_us(shipments.declared_at) - event_us(uses.events[-1]),
            event_us(uses.events[1]) - epoch_us(shipments.declared_at),
            0
        ) as away_us
    from shipments
    inner join uses on uses.carrier = shipments.carrier and uses.number = shipments.number
    where event_us(uses.events[-1]) >= epoch_us(shipments.declared_at) - 2592000000000
),

nearest as (
    select *
    from fitting
    where reused
    qualify row_number() over (partition by shipment order by away_us, event_us(events[1]) desc) = 1
)

select shipment, declared_at, events, earlier_use_ended_us from fitting where not reused
union all
select shipment, declared_at, events, earlier_use_ended_us from nearest
