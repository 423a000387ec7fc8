-- One row: an order with how it ended: refunded or not, delivered when, and the pattern that it is labelled with.
with ended as (
    select n, any_value(pattern) as pattern, max(delivered) filter (where stops_at is null) as delivered, min(collected) as collected
    from seen
    where part in ('own', 'stranger')
    group by n
)

select
    told.* exclude (pattern),
    case
        when coalesce(ended.pattern, told.pattern) <> 'honest' or told.pattern <> 'honest' then coalesce(ended.pattern, told.pattern)
        when told.sender = 'warehouse' then 'honest_shared_warehouse'
        when told.sender = 'belt' then 'honest_industrial_belt'
        else 'honest'
    end as pattern,
    coalesce(ended.delivered, case when told.pattern in ('honest_self_delivery', 'honest_no_feed') then told.pickup + 100000 end) as delivered,
    ended.collected,
    told.pattern in ('honest_refund_recall', 'honest_refused', 'honest_damaged', 'honest_undeliverable')
        or left(told.pattern, 6) = 'honest' and ended.delivered is not null and dice(told.n, 'sent back') < $goods_returned as refunded
from told
left join ended using (n)
