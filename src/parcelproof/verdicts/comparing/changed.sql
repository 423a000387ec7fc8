-- One row: a shipment of which the two packs say something else, and what each says.
select
    a.shipment, a.order_id, a.carrier, a.waybill_no, a.merchant_id, a.act_time,
    a.outcome as outcome_old, b.outcome as outcome_new, a.offence as offence_old, b.offence as offence_new,
    a.charge as charge_old, b.charge as charge_new, a.met as met_old, b.met as met_new
from $before as a
inner join $after as b on b.shipment = a.shipment
where a.outcome <> b.outcome or a.offence::varchar is distinct from b.offence::varchar or a.charge is distinct from b.charge
