-- One row: an order, its confirmation and its review, each from when it was made.
with known as (
    select
        receipts.order_id,
        orders.merchant_id,
        case when receipts.confirmed_at <= $as_of then receipts.confirmed_at end as confirmed_at,
        case when receipts.confirmed_at <= $as_of then receipts.confirmed_by end as confirmed_by,
        case when receipts.reviewed_at <= $as_of then receipts.reviewed_at end as reviewed_at,
        case when receipts.reviewed_at <= $as_of then receipts.review_key end as review_key
    from receipts
    left join orders on orders.order_id = receipts.order_id and orders.paid_at <= $as_of
),

reviews as (
    select merchant_id, review_key, count(*) - 1 as same_review_elsewhere
    from known
    where merchant_id is not null and review_key is not null
    group by merchant_id, review_key
)

select known.order_id, known.confirmed_at, known.confirmed_by, known.reviewed_at, reviews.same_review_elsewhere
from known
left join reviews using (merchant_id, review_key)
