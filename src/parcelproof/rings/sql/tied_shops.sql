-- One row: two shops that share more actors than their volumes and categories let expect (Tumminello and others 2011, with
-- the volume of the actors who do come as the condition, so that disguise bought at popular shops ties nobody). Of all that
-- are named, 1 in 1,000 may be chance (Benjamini and Hochberg over all pairs of shops). `log_p` is in thousandths.
with tails as (
    select
        often.m, often.n,
        log_tail(often.shared, affinities.affinity * greatest(one.s * other.d, other.s * one.d) / $visits) as log_p
    from often_met as often
    inner join shop_reach as one on one.m = often.m
    inner join shop_reach as other on other.m = often.n
    inner join category_affinities as affinities
        on affinities.category = least(one.category, other.category) and affinities.other_category = greatest(one.category, other.category)
),

ranked as (
    select m, n, cast(round(1000 * log_p) as bigint) as log_p, rank() over (order by round(1000 * log_p)) as place
    from tails
)

select m, n, log_p
from ranked
where log_p <= (select max(log_p) from ranked where log_p <= 1000 * ln(1e-3 * place / $pairs))
