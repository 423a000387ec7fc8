-- One row: a carrier and a shop with a silence of two days there, and the share of other shops' delivered parcels that miss a stage
-- that a journey has. A stage that is missing more often than not is not scanned by habit. A feed loses scans as often as the
-- stage that it loses least of pickup and arrival at the outlet. Few parcels are drawn towards one in a thousand (as 20).
with asking as (
    select distinct carrier, merchant_id
    from shipments
    where longest_stall_hours >= 48 and merchant_id is not null
),

journeys as (
    select
        shipments.carrier,
        shipments.merchant_id,
        shipments.pickup_scanned,
        shipments.had_delivery_scan,
        list_transform(shipment_traces.events, lambda e: event_stage(e)) as stages
    from shipments
    inner join shipment_traces using (shipment)
    where shipments.delivered_at is not null and shipments.carrier in (select carrier from asking)
),

by_shop as (
    select
        carrier,
        merchant_id,
        count(*) as parcels,
        count(*) filter (where not pickup_scanned) as no_pickup,
        count(*) filter (where not list_contains(stages, 3)) as no_hub_out,
        count(*) filter (where not list_contains(stages, 4)) as no_outlet,
        count(*) filter (where not had_delivery_scan) as no_round
    from journeys
    group by carrier, merchant_id
),

by_carrier as (
    select
        carrier, sum(parcels) as parcels, sum(no_pickup) as no_pickup, sum(no_hub_out) as no_hub_out, sum(no_outlet) as no_outlet,
        sum(no_round) as no_round
    from by_shop
    group by carrier
),

others as (
    select
        asking.carrier,
        asking.merchant_id,
        coalesce(by_carrier.parcels, 0) - coalesce(by_shop.parcels, 0) + 20 as parcels,
        coalesce(by_carrier.no_pickup, 0) - coalesce(by_shop.no_pickup, 0) + 0.02 as no_pickup,
        coalesce(by_carrier.no_hub_out, 0) - coalesce(by_shop.no_hub_out, 0) + 0.02 as no_hub_out,
        coalesce(by_carrier.no_outlet, 0) - coalesce(by_shop.no_outlet, 0) + 0.02 as no_outlet,
        coalesce(by_carrier.no_round, 0) - coalesce(by_shop.no_round, 0) + 0.02 as no_round
    from asking
    left join by_carrier using (carrier)
    left join by_shop using (carrier, merchant_id)
)

select
    carrier,
    merchant_id,
    no_hub_out / parcels as hub_out_missing,
    no_outlet / parcels as outlet_missing,
    no_round / parcels as round_missing,
    least(no_pickup, no_outlet) / parcels as feed_loss
from others
