-- A shipment that stands twice.
select order_id, carrier, waybill_no, count(*) as times
from facts
group by order_id, carrier, waybill_no
having count(*) > 1
