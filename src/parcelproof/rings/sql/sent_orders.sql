-- One row: an order and the sender that it went out from, where several shops use it and nobody registered it; senders are numbered in the order of their names.
with sent as (
    select distinct declarations.order_id, parcels.sender_key
    from declarations
    inner join parcels on parcels.carrier = declarations.carrier and parcels.waybill_no = declarations.waybill_no
    where parcels.sender_key is not null and parcels.sender_key not in (select sender_key from warehouses)
),

placed as (
    select orders.order_id, orders.period, orders.m, orders.c, orders.flags, orders.stratum, sent.sender_key
    from sent
    inner join windowed_orders as orders on orders.order_id = sent.order_id
),

shared as (
    select sender_key, cast(row_number() over (order by sender_key) as bigint) as b
    from placed
    group by sender_key
    having min(m) < max(m)
)

select placed.order_id, placed.period, shared.b, placed.m, placed.c, placed.flags, placed.stratum
from placed
inner join shared on shared.sender_key = placed.sender_key
