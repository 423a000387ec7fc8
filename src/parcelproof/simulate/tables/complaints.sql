-- One row: one complaint of a buyer, and what a person decided.
with opened as (
    select
        n, pattern,
        case
            when pattern in ('empty_parcel', 'honest_claim_open') then 'empty_parcel'
            when pattern = 'wrong_item' then 'wrong_item'
            when pattern = 'short_parcel' then 'short'
            when pattern = 'honest_claim_rejected' then ['empty_parcel', 'wrong_item', 'short'][1 + pick(n, 'claim', 3)]
            when left(pattern, 6) = 'honest' then 'other'
            else 'not_received'
        end as kind,
        coalesce(delivered, declared + 345600, paid + 345600) + 3600 + pick(n, 'opens', 160000) as opened
    from sold
    where
        pattern in ('empty_parcel', 'wrong_item', 'short_parcel', 'honest_claim_open', 'honest_claim_rejected')
        or pattern in ('signed_for_nobody', 'foreign_parcel_same_city', 'foreign_parcel_other_city', 'foreign_parcel_other_province', 'never_handed_over',
            'number_reused', 'old_trace_before_payment', 'cloned_trace', 'cloned_with_jitter', 'stitched_trace')
            and dice(n, 'complains') < $brusher_complains
        or left(pattern, 6) = 'honest' and dice(n, 'complains') < $honest_complaints
),

decided as (
    select *, case when pattern <> 'honest_claim_open' then opened + 86400 + pick(n, 'decided', 345600) end as decided
    from opened
)

select
    order_name(n) as order_id,
    kind,
    utc(opened) as opened_at,
    case when decided < ($days + $watched_days) * 86400 then left(pattern, 6) <> 'honest' end as upheld,
    case when decided < ($days + $watched_days) * 86400 then utc(decided) end as decided_at
from decided
where opened < ($days + $watched_days) * 86400
order by n
