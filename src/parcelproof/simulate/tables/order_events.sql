-- One row: what a buyer asked for or agreed to.
with asked as (
    select
        sold.n, 'address_changed' as kind, declared - 600 - pick(sold.n, 'asked', 1200) as second,
        case when dice(sold.n, 'same recipient') < 0.4 then key_for('r', 'other' || sold.n) else key_for('r', buyer) end as recipient_key,
        cast(sent.destination as varchar) as adcode
    from sold
    inner join sent on sent.id = sold.n
    where sold.pattern = 'honest_address_changed'
    union all
    select n, 'merge_agreed', greatest(paid + 30, declared - 600), null, null from sold where pattern = 'honest_merged' and dice(n, 'asked to merge') < 0.5
    union all
    select sold.n, 'refund_requested',
        case sold.pattern
            when 'honest_refund_recall' then seen.stops_at - 3600 - pick(sold.n, 'asked', 7200)
            when 'honest_refused' then seen.stops_at + 7200 + pick(sold.n, 'asked', 80000)
            when 'honest_undeliverable' then seen.stops_at + 300000
            when 'honest_damaged' then seen.stops_at + 12 * 3600 + pick(sold.n, 'asked', 80000)
            else sold.delivered + 3600 + pick(sold.n, 'asked', 400000)
        end, null, null
    from sold
    inner join seen on seen.id = sold.n
    where sold.refunded
)

select order_name(n) as order_id, kind, utc(second) as happened_at, recipient_key, adcode
from asked
where second < ($days + $watched_days) * 86400
order by n, kind
