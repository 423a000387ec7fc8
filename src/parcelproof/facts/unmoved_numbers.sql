-- One row: an order with several standing numbers of which one was not picked up for two days, though the carrier's feed lived on.
select distinct shipments.order_id
from shipments
semi join (select order_id from order_numbers where numbers_standing > 1) as several on several.order_id = shipments.order_id
inner join feed_runs
    on feed_runs.carrier = shipments.carrier
    and shipments.declared_at >= feed_runs.lives_from
    and shipments.declared_at + interval 48 hours <= feed_runs.lives_until
where shipments.collected_at is null and shipments.withdrawn_at is null
