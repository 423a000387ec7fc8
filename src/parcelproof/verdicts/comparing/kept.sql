-- One row an offence and size of shop: shipments that are violations of it under both packs, the old one alone, the new one alone.
with old_ones as (
    select shipment, merchant_id, offence::varchar as offence from old_verdicts where outcome = 'violation'
),

new_ones as (
    select shipment, merchant_id, offence::varchar as offence from new_verdicts where outcome = 'violation'
)

select
    offence,
    shops.size,
    count(*) filter (where a.shipment is not null and b.shipment is not null) as both,
    count(*) filter (where b.shipment is null) as old_alone,
    count(*) filter (where a.shipment is null) as new_alone
from old_ones as a
full outer join new_ones as b using (shipment, merchant_id, offence)
left join shops using (merchant_id)
group by offence, shops.size
order by offence, min(shops.shipments)
