-- One row: an actor with more pairs at the block's shops than chance gives it (a Poisson tail under its own volume and
-- theirs), or with fewer pairs whose flags add to the surprise (Fisher's way to join two p values). The share of false
-- members is held below 1 in 100 (Benjamini and Hochberg). Flags that are held back do not count, and none where the search is blind.
with met as (
    select
        b,
        count(*) as n,
        sum(case when held or $blind then 0 else flag end) as flagged,
        sum(case when held or $blind then 0 else bar end) / 2147483647e0 as expected
    from units
    where m in (select m from in_shops)
    group by b
    having count(*) >= 2
),

tails as (
    select met.b, met.n, log_tail(met.n, actors.d * $volume / $edges) as meeting, log_tail(met.flagged, met.expected) as flags
    from met
    inner join actor_degrees as actors on actors.b = met.b
),

joined as (
    select
        b,
        round(ln(2) + least(case when n >= 3 then meeting else 0 end, meeting + flags + ln(1 - meeting - flags)), 6) as log_p
    from tails
),

ranked as (
    select b, log_p, rank() over (order by log_p) as place
    from joined
)

select b
from ranked
where log_p <= (select max(log_p) from ranked where log_p <= ln(1e-2 * place / $actors))
