-- One row a change of answer: how many shipments and shops, the money under each pack, and the first shipments to open.
select
    outcome_old, offence_old, outcome_new, offence_new,
    count(*) as shipments,
    count(distinct merchant_id) as merchants,
    coalesce(sum(charge_old), 0)::decimal(18,2) as money_old,
    coalesce(sum(charge_new), 0)::decimal(18,2) as money_new,
    arg_min({
        order_id: order_id, carrier: carrier, waybill_no: waybill_no, merchant_id: merchant_id,
        charge_old: charge_old, charge_new: charge_new, met_old: met_old::varchar[], met_new: met_new::varchar[]
    }, shipment, 5) as examples
from changed
group by outcome_old, offence_old, outcome_new, offence_new
order by shipments desc, outcome_old, offence_old, outcome_new, offence_new
