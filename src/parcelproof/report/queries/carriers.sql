-- One row a carrier, a place and what was slow there, among the first $top: how many shipments the carrier's trouble clears, of how
-- many shops, from when to when. The place is the city of the sender, or of the silence; identifiers are cut at 120 characters.
with cities as (
    select left(code, 4) as city, any_value(name order by length(name)) as name
    from read_csv($gazetteer, all_varchar = true)
    where level = '2' and kind = 'current'
    group by all
),

cleared as (
    select
        carrier,
        order_id,
        excuse,
        since,
        coalesce(
            case when excuse in ('site_was_slow', 'site_stood_still', 'feed_was_lost') then left(evidence ->> '$$.longest_stall_place', 4) end,
            evidence ->> '$$.origin_city'
        ) as place
    from findings
    where status = 'excused' and excuse in ('branch_was_slow', 'site_was_slow', 'site_stood_still', 'feed_was_lost')
),

sellers as (
    select distinct order_id, merchant_id
    from verdicts
    semi join cleared using (order_id)
)

select
    left(cleared.carrier, 120) as carrier,
    concat_ws(' ', any_value(cities.name), cleared.place) as place,
    cleared.excuse,
    count(distinct cleared.order_id) as orders,
    count(distinct sellers.merchant_id) as merchants,
    min(cleared.since) as first_since,
    max(cleared.since) as last_since
from cleared
left join sellers using (order_id)
left join cities on cities.city = cleared.place
group by cleared.carrier, cleared.place, cleared.excuse
order by orders desc, carrier, place, excuse
limit $top
