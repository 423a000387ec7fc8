-- One row: an actor of a block, tried against the block itself: `mean` pairs and a share `hit` of flags for its actors; for
-- everybody else the actor's own volume, and the rate of its strata or of its pairs elsewhere; at odds of $members in
-- $actors. So a few pairs count where the block as a whole is beyond doubt. Doubts are summed in whole billionths; the odds
-- are raised by what they make believe, and the members are as many as keep the mean doubt below $doubt. Flags that are held
-- back do not count, and none where the search is blind.
with met as (
    select
        units.b,
        count(*) as n,
        sum(case when held or $blind then 0 else 1 end) as seen,
        sum(case when held or $blind then 0 else flag end) as flagged,
        avg(bar) / 2147483647e0 as rate
    from units
    where m in (select m from in_shops)
    group by units.b
    having count(*) >= 2
),

chances as (
    select
        met.*,
        actors.d * $volume / $edges as expected,
        least(0.9 * $hit, greatest(1e-3, rate, case
            when $blind then rate
            else (coalesce(own.flagged, 0) - met.flagged + 5 * rate) / (0.75 * (actors.d - met.n) + 5)
        end)) as rate_outside
    from met
    inner join actor_degrees as actors on actors.b = met.b
    left join actor_flags as own on own.b = met.b
),

weighed as (
    select
        b,
        round(
            ln($members / $actors) + n * ln(1 + $mean / expected) - $mean
            + flagged * ln($hit / rate_outside) + (seen - flagged) * ln((1 - $hit) / (1 - rate_outside)),
        6) as odds
    from chances
),

believed as (
    select least(8, greatest(1, sum(cast(round(1e9 / (1 + exp(-least(700, greatest(-700, odds))))) as bigint)) / (1e9 * $members))) as more
    from weighed
),

doubted as (
    select weighed.b, cast(round(1e9 / (1 + exp(least(700, greatest(-700, odds + ln(believed.more)))))) as bigint) as doubt
    from weighed
    cross join believed
),

summed as (
    select
        b,
        sum(doubt) over (order by doubt) as doubts,
        count(*) over (order by doubt) as n
    from doubted
)

select b
from summed
where doubts <= $doubt * n
