-- One row a currency, offence and local day of the act: the money charged and by how many charges.
select
    charges.currency,
    charges.offence,
    cast(timezone($zone, timezone('UTC', verdicts.act_time)) as date) as day,
    sum(charges.amount) as amount,
    count(*) as charges
from charges
left join verdicts
    on verdicts.order_id = charges.order_id
    and verdicts.carrier is not distinct from charges.carrier
    and verdicts.waybill_no is not distinct from charges.waybill_no
group by all
order by all
