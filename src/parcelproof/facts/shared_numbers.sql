-- One row: a shipment whose number was declared for other orders too.
-- Another order has another recipient where both recipient keys are known and differ, or, where one is missing, both
-- delivery places are known and their cities differ. It is unknown only while nothing known differs.
-- Who put a number right soon has not used it: how soon the others did is told, and what is soon is the pack's to say.
-- One number may stand on very many orders: they are counted, and not held against each other one by one. Only an order that
-- declares one number in several spellings is held against each of the others, for its own do not count. A window's filter
-- would cost the square of their number.
with used as (
    select
        shipments.shipment,
        shipments.trace_key,
        shipments.order_id,
        shipments.declared_at,
        epoch_us(shipments.declared_at) as at_us,
        hours_between(shipments.declared_at, shipments.withdrawn_at) as stood_hours,
        shipments.recipient_key,
        place_city(shipments.adcode) as city,
        row_number() over (partition by shipments.trace_key, shipments.order_id order by shipments.declared_at, shipments.shipment) = 1 as is_first,
        count(*) over (partition by shipments.trace_key, shipments.order_id) > 1 as is_spelled_again,
        min(shipments.declared_at) over (partition by shipments.trace_key, shipments.order_id) < shipments.declared_at as is_own_earlier
    from shipments
    semi join (
        select trace_key
        from shipment_keys
        where trace_key is not null
        group by trace_key
        having min(order_id) <> max(order_id)
    ) as numbers on numbers.trace_key = shipments.trace_key
),

-- How many orders: all of them, those with a known recipient, or city; those with the same. `e_...`: declared before this one.
counted as (
    select
        *,
        first_value(order_id) over (partition by trace_key order by at_us, order_id) as first_order,
        count(case when is_first then 1 end) over number as orders,
        count(case when is_first and recipient_key is not null then 1 end) over number as told,
        count(case when is_first then 1 end) over (partition by trace_key, recipient_key) as same,
        count(case when is_first and city is not null then 1 end) over number as placed,
        count(case when is_first then 1 end) over (partition by trace_key, city) as same_city,
        count(case when is_first and recipient_key is null and city is not null then 1 end) over number as bare_placed,
        count(case when is_first and recipient_key is null then 1 end) over (partition by trace_key, city) as bare_same_city,
        count(case when is_first then 1 end) over earlier as e_orders,
        count(case when is_first and recipient_key is not null then 1 end) over earlier as e_told,
        count(case when is_first then 1 end) over earlier_same as e_same,
        count(case when is_first and city is not null then 1 end) over earlier as e_placed,
        count(case when is_first then 1 end) over earlier_same_city as e_same_city,
        count(case when is_first and recipient_key is null and city is not null then 1 end) over earlier as e_bare_placed,
        count(case when is_first and recipient_key is null then 1 end) over earlier_same_city as e_bare_same_city,
        count(*) over earlier as e_uses,
        count(stood_hours) over earlier as e_withdrawn,
        max(stood_hours) over earlier as e_stood_hours,
        min(order_id) over moment <> max(order_id) over moment as tied_on_number,
        count(*) over moment - 1 as t_uses,
        count(stood_hours) over moment - case when stood_hours is null then 0 else 1 end as t_withdrawn,
        greatest(
            max(stood_hours) over (partition by trace_key, at_us order by shipment rows between unbounded preceding and 1 preceding),
            max(stood_hours) over (partition by trace_key, at_us order by shipment rows between 1 following and unbounded following)
        ) as t_stood_hours
    from used
    window
        number as (partition by trace_key),
        moment as (partition by trace_key, at_us),
        earlier as (partition by trace_key order by at_us range between unbounded preceding and 1 preceding),
        earlier_same as (partition by trace_key, recipient_key order by at_us range between unbounded preceding and 1 preceding),
        earlier_same_city as (partition by trace_key, city order by at_us range between unbounded preceding and 1 preceding)
),

compared as (
    select
        *,
        min(case when order_id <> first_order then declared_at end) over (partition by trace_key) as second_declared_at,
        min(declared_at) over (partition by trace_key) as first_declared_at,
        case
            when recipient_key is not null then told - same + case when city is not null then bare_placed - bare_same_city else 0 end
            when city is not null then placed - same_city
            else 0
        end as differing,
        case when recipient_key is not null then same - 1 else 0 end as alike,
        case
            when recipient_key is not null then e_told - e_same + case when city is not null then e_bare_placed - e_bare_same_city else 0 end
            when city is not null then e_placed - e_same_city
            else 0
        end as e_differing,
        case when recipient_key is not null then e_same when is_own_earlier then 1 else 0 end as e_alike
    from counted
),

spelled_again as (
    select
        mine.shipment,
        count(*) filter (where other.at_us < mine.at_us) as e_uses,
        count(other.stood_hours) filter (where other.at_us < mine.at_us) as e_withdrawn,
        max(other.stood_hours) filter (where other.at_us < mine.at_us) as e_stood_hours,
        count(*) filter (where other.at_us = mine.at_us) as t_uses,
        count(other.stood_hours) filter (where other.at_us = mine.at_us) as t_withdrawn,
        max(other.stood_hours) filter (where other.at_us = mine.at_us) as t_stood_hours
    from used as mine
    inner join used as other on other.trace_key = mine.trace_key and other.order_id <> mine.order_id and other.at_us <= mine.at_us
    where mine.is_spelled_again
    group by mine.shipment
)

select
    compared.shipment,
    orders - 1 as other_orders_on_number,
    case when differing + alike = orders - 1 or differing > 0 then differing end as other_recipients_on_number,
    case when e_differing + e_alike = e_orders or e_differing > 0 then e_differing end as earlier_recipients_on_number,
    case when order_id = first_order then second_declared_at else first_declared_at end >= declared_at as first_to_use_number,
    least(case when order_id = first_order then second_declared_at else first_declared_at end, declared_at) as number_first_used_at,
    tied_on_number,
    case
        when not is_spelled_again then case when compared.e_withdrawn = compared.e_uses then coalesce(compared.e_stood_hours, 0.0) end
        when coalesce(spelled_again.e_withdrawn = spelled_again.e_uses, true) then coalesce(spelled_again.e_stood_hours, 0.0)
    end as earlier_withdrawn_after_hours,
    case
        when not is_spelled_again then case when compared.t_withdrawn = compared.t_uses then coalesce(compared.t_stood_hours, 0.0) end
        when coalesce(spelled_again.t_withdrawn = spelled_again.t_uses, true) then coalesce(spelled_again.t_stood_hours, 0.0)
    end as tied_withdrawn_after_hours
from compared
left join spelled_again on spelled_again.shipment = compared.shipment
