-- One row: an order and how its complaints stand, by kind. Of several of a kind: upheld, else open, else rejected.
-- A decision counts from when it was made.
with known as (
    select
        order_id,
        kind,
        case
            when upheld is null or coalesce(decided_at, opened_at) > $as_of then 2
            when upheld then 3
            else 1
        end as standing
    from complaints
    where opened_at <= $as_of
)

select
    order_id,
    ['none', 'rejected', 'open', 'upheld'][coalesce(max(standing) filter (where kind = 'not_received'), 0) + 1] as complaint_not_received,
    ['none', 'rejected', 'open', 'upheld'][coalesce(max(standing) filter (where kind = 'empty_parcel'), 0) + 1] as complaint_empty_parcel,
    ['none', 'rejected', 'open', 'upheld'][coalesce(max(standing) filter (where kind = 'wrong_item'), 0) + 1] as complaint_wrong_item,
    ['none', 'rejected', 'open', 'upheld'][coalesce(max(standing) filter (where kind = 'short'), 0) + 1] as complaint_short
from known
group by order_id
