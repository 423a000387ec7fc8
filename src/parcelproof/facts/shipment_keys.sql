-- One row: one shipment to be judged, numbered in the order of its key. It is a declaration known by then, withdrawn or
-- not; or an order that needs delivery, is paid and has no standing declaration.
with declared as (
    select
        declarations.order_id,
        declarations.carrier as declared_carrier,
        declarations.waybill_no,
        coalesce(alias.carrier, upper(trim(declarations.carrier))) as carrier,
        number_of(declarations.waybill_no) as number,
        declarations.declared_at,
        case when declarations.withdrawn_at <= $as_of then declarations.withdrawn_at end as withdrawn_at
    from declarations
    left join carrier_aliases as alias on alias.alias = upper(trim(declarations.carrier))
    where declarations.declared_at <= $as_of
),

undeclared as (
    select orders.order_id
    from orders
    anti join (select order_id from declared where withdrawn_at is null) as standing on standing.order_id = orders.order_id
    where orders.paid_at <= $as_of and orders.kind <> 'virtual' and coalesce(orders.status, 'paid') in ('paid', 'completed')
),

keys as (
    select * from declared
    union all
    select order_id, null, null, null, null, null, null from undeclared
    order by order_id, declared_carrier nulls last, waybill_no nulls last
)

select
    row_number() over () as shipment,
    *,
    trace_key(carrier, number) as trace_key
from keys
