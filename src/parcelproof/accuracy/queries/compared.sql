-- One row: a label and what the judge said of its shipment. An appeal's outcome counts before an audit's answer, for who
-- appealed is no longer among those who kept still.
with one_each as (
    select *
    from labels
    qualify row_number() over (partition by order_id, carrier, waybill_no order by source = 'appeal' desc) = 1
)

select
    one_each.*,
    verdicts.outcome,
    verdicts.offence,
    verdicts.order_id is not null as judged
from one_each
left join verdicts
    on verdicts.order_id = one_each.order_id
    and verdicts.carrier is not distinct from one_each.carrier
    and verdicts.waybill_no is not distinct from one_each.waybill_no
