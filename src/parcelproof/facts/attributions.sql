-- One row: a shipment with a slow step, and how the other shops' parcels fared there and then. `..._shared`: the delay was the
-- carrier's, for those hours made up half of its chance, surely a tenth of the others' parcels had it, and two other shops at least.
-- It is unknown where surely a twentieth had it, or a single other shop, for two shops may belong together, and, in a
-- marketplace where carriers are known to fail, where fewer than five parcels were there to tell, or some were slow and so few were
-- there that a quarter may be. Of a silence's site and its lane the one that explains more counts; of a wait for the pickup, in whose two
-- windows different parcels lay, one in which nobody can tell leaves it unknown.
with steps as (
    select
        slow_steps.shipment,
        case when slow_steps.step = 'lane' then 'stall' else slow_steps.step end as step,
        others.parcels,
        others.slow,
        others.slow_low,
        others.slow_high,
        others.carrier_share,
        case
            when others.carrier_share >= 0.5 and others.slow_low >= 0.1 and others.slow_shops >= 2 then true
            when slow_shops.carriers_fail and (others.parcels < 5 or others.slow > 0 and others.slow_high >= 0.25) then null
            when coalesce(others.carrier_share < 0.5, true) or others.slow_low < 0.05 or others.slow_shops = 0 then false
        end as shared
    from slow_steps
    inner join others using (step, carrier, site, delay, hour, merchant_id)
    inner join slow_shops using (step)
    qualify row_number() over (
        partition by slow_steps.shipment, case when slow_steps.step = 'lane' then 'stall' else slow_steps.step end
        order by
            case when coalesce(shared, false) then 0 when shared is null and slow_steps.step = 'pickup' then 1 else 2 end,
            others.carrier_share desc nulls last, slow_steps.step desc, others.parcels desc, others.slow desc, slow_steps.hour
    ) = 1
)

select
    shipment,
    max(parcels) filter (where step = 'pickup') as pickup_others,
    max(slow) filter (where step = 'pickup') as pickup_others_slow,
    max(slow_low) filter (where step = 'pickup') as pickup_others_low,
    max(slow_high) filter (where step = 'pickup') as pickup_others_high,
    max(carrier_share) filter (where step = 'pickup') as pickup_carrier_share,
    max(shared) filter (where step = 'pickup') as pickup_shared,
    max(parcels) filter (where step = 'hub') as hub_others,
    max(slow) filter (where step = 'hub') as hub_others_slow,
    max(slow_low) filter (where step = 'hub') as hub_others_low,
    max(slow_high) filter (where step = 'hub') as hub_others_high,
    max(carrier_share) filter (where step = 'hub') as hub_carrier_share,
    max(shared) filter (where step = 'hub') as hub_shared,
    max(parcels) filter (where step = 'stall') as stall_others,
    max(slow) filter (where step = 'stall') as stall_others_slow,
    max(slow_low) filter (where step = 'stall') as stall_others_low,
    max(slow_high) filter (where step = 'stall') as stall_others_high,
    max(carrier_share) filter (where step = 'stall') as stall_carrier_share,
    max(shared) filter (where step = 'stall') as stall_shared
from steps
group by shipment
