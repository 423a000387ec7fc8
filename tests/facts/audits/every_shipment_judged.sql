-- A declaration known by then that is not judged, or a shipment that nobody declared and no paid order waits for.
select declarations.order_id, declarations.carrier, declarations.waybill_no, 'not judged' as fault
from declarations
anti join facts
    on facts.order_id = declarations.order_id and facts.carrier = declarations.carrier and facts.waybill_no = declarations.waybill_no
where declarations.declared_at <= $as_of
union all
select facts.order_id, facts.carrier, facts.waybill_no, 'not declared'
from facts
anti join declarations
    on facts.order_id = declarations.order_id and facts.carrier = declarations.carrier and facts.waybill_no = declarations.waybill_no
anti join orders on facts.waybill_no is null and facts.order_id = orders.order_id and orders.paid_at <= $as_of
