-- One row: a decision of one side against which a shop can appeal. The charge and the measures of one order are one
-- decision, and so are the measures of one strike: they stand and fall together.
select distinct side, merchant_id, offence, order_id as target, null as day
from charges_of_both
union
select
    side,
    merchant_id,
    offence,
    target_id as target,
    case when target_kind <> 'order' then concat(target_kind, ' ', basis::json ->> 'day') end as day
from measures_of_both
