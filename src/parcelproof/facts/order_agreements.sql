-- One row: an order and what its buyer asked for or agreed to by then.
select
    order_id,
    min(happened_at) filter (where kind = 'merge_agreed') as merge_agreed_at,
    min(happened_at) filter (where kind in ('refund_requested', 'cancel_requested')) as refund_requested_at,
    max(until) filter (where kind = 'ship_time_agreed') as agreed_ship_at,
    list_sort(
        list(struct_pack(happened_at := happened_at, recipient_key := key_of(recipient_key), adcode := adcode))
            filter (where kind = 'address_changed')
    ) as addresses
from order_events
where happened_at <= $as_of
group by order_id
