-- One row: how an order was confirmed and reviewed, once it was delivered.
with met as (
    select
        *,
        pattern in ('honest_fan', 'own_accounts') or pattern = 'gift_parcel_network' and dice(n, 'hasty') < 0.6 as hasty,
        dice(n, 'confirms') < $confirmed_by_buyer as confirms,
        dice(n, 'reviews') < $reviewed as reviews
    from sold
    where delivered is not null and delivered < ($days + $watched_days) * 86400
),

confirmed as (
    select
        *,
        case
            when hasty then delivered + 30 + pick(n, 'hasty', 500)
            when confirms then delivered + cast(-ln(1 - dice(n, 'confirmed')) * 86400 as bigint) + 600
            else delivered + 864000
        end as confirmed
    from met
),

reviewed as (
    select *, case when hasty then confirmed + 30 + pick(n, 'reviewed', 500) when reviews then confirmed + 60 + pick(n, 'reviewed', 400000) end as reviewed
    from confirmed
)

select
    order_name(n) as order_id,
    utc(confirmed) as confirmed_at,
    case when hasty or confirms then 'buyer' else 'auto' end as confirmed_by,
    case when reviewed is not null then 5 - cast(floor(pow(dice(n, 'stars'), 6) * 5) as bigint) end as rating,
    utc(reviewed) as reviewed_at,
    case
        when reviewed is null then null
        when hasty and pattern <> 'honest_fan' then key_for('review', 'template' || shop || pick(n, 'template', 2))
        when dice(n, 'one word') < $one_word_review then key_for('review', 'word' || pick(n, 'word', 5))
        else key_for('review', 'own' || n)
    end as review_key
from reviewed
where confirmed < ($days + $watched_days) * 86400
order by n
