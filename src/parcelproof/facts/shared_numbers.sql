-- One row: a shipment whose number was declared for other orders too.
-- Another order has another recipient where both recipient keys are known and differ, or, where one is missing, both
-- delivery places are known and their cities differ. It is unknown only while nothing known differs.
-- Who put a number right soon has not used it: how soon the others did is told, and what is soon is the pack's to say.
with shared as (
    select shipments.*
    from shipments
    semi join (
        select trace_key
        from shipment_keys
        where trace_key is not null
        group by trace_key
        having count(*) > 1
    ) as numbers on numbers.trace_key = shipments.trace_key
),

pairs as (
    select
        mine.shipment,
        mine.declared_at,
        other.order_id,
        other.declared_at as other_declared_at,
        hours_between(other.declared_at, other.withdrawn_at) as stood_hours,
        case
            when mine.recipient_key is not null and other.recipient_key is not null then mine.recipient_key <> other.recipient_key
            when place_city(mine.adcode) <> place_city(other.adcode) then true
        end as differs
    from shared as mine
    inner join shared as other
        on other.trace_key = mine.trace_key and other.order_id <> mine.order_id
)

select
    shipment,
    count(distinct order_id) as other_orders_on_number,
    case
        when count(differs) = count(*) or bool_or(differs) then count(distinct order_id) filter (where differs)
    end as other_recipients_on_number,
    case
        when
            count(differs) filter (where other_declared_at < declared_at) = count(*) filter (where other_declared_at < declared_at)
            or bool_or(differs) filter (where other_declared_at < declared_at)
            then count(distinct order_id) filter (where differs and other_declared_at < declared_at)
    end as earlier_recipients_on_number,
    min(other_declared_at) >= min(declared_at) as first_to_use_number,
    least(min(other_declared_at), min(declared_at)) as number_first_used_at,
    bool_or(other_declared_at = declared_at) as tied_on_number,
    case
        when bool_or(stood_hours is null) filter (where other_declared_at < declared_at) then null
        else coalesce(max(stood_hours) filter (where other_declared_at < declared_at), 0.0)
    end as earlier_withdrawn_after_hours,
    case
        when bool_or(stood_hours is null) filter (where other_declared_at = declared_at) then null
        else coalesce(max(stood_hours) filter (where other_declared_at = declared_at), 0.0)
    end as tied_withdrawn_after_hours
from pairs
group by shipment
