-- One row: a carrier and a day after which its feed was still telling of other parcels: there were events on the next
-- day or the one after. Silence on a number is evidence only where this is so.
with moments as (
    select
        carrier,
        unnest([event_us(events[1]), event_us(events[len(events) // 3 + 1]), event_us(events[len(events) * 2 // 3 + 1]), event_us(events[-1])])
            // 86400000000 as day
    from use_facts
),

active as (
    select distinct carrier, day from moments
)

select distinct carrier, day - back as day
from active, (values (1), (2)) as before (back)
