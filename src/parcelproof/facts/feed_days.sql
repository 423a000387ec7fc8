-- One row: a carrier, a day, and until when its feed went on telling of other parcels after that day. A feed that is silent
-- for more than two days is dead, and what happens meanwhile is unknown: silence on a number is evidence only while it lives.
with moments as (
    select
        carrier,
        unnest([event_us(events[1]), event_us(events[len(events) // 3 + 1]), event_us(events[len(events) * 2 // 3 + 1]), event_us(events[-1])]) as us
    from use_facts
),

active as (
    select carrier, us // 86400000000 as day, max(us) as last_us
    from moments
    group by carrier, us // 86400000000
),

broken as (
    select *, case when day - lag(day) over (partition by carrier order by day) <= 2 then 0 else 1 end as begins
    from active
),

runs as (
    select *, sum(begins) over (partition by carrier order by day) as run
    from broken
),

lives as (
    select carrier, day, max(last_us) over (partition by carrier, run) as until_us
    from runs
)

select carrier, day - back as day, make_timestamp(max(until_us)) as alive_until
from lives, (values (1), (2)) as before (back)
group by carrier, day - back
