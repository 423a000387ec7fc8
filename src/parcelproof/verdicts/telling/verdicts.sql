-- One row: a shipment, as the contract lays it out, with its number for sorting.
select
    outcomes.shipment, outcomes.order_id, outcomes.merchant_id, outcomes.carrier, outcomes.waybill_no, outcomes.outcome, outcomes.offence,
    outcomes.act_time, moment.policy, outcomes.policy_version, patterns.met, patterns.unknown,
    coalesce(excused.excused, []) as excused,
    paid.amount as charge,
    coalesce(paid.currency, outcomes.currency) as currency,
    moment.as_of
from outcomes
inner join patterns on patterns.pattern = outcomes.pattern
cross join moment
left join excused on excused.shipment = outcomes.shipment
left join paid on paid.shipment = outcomes.shipment
