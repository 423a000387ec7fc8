-- One row: an order as the dice have it: what its story is, whose it is, who bought what, and when it was paid.
-- Shops and buyers are drawn by rank, so that few have most. Of the frauds, most are the work of the few shops that cheat,
-- and half of those fall on one day a shop.
with told as (
    select series.n, pattern_slots.value as pattern, patterns.who
    from range($shipments) as series(n)
    inner join pattern_slots on pattern_slots.slot = pick(n, 'pattern', 100000)
    inner join patterns on patterns.pattern = pattern_slots.value
),

sold as (
    select
        n,
        pattern,
        who,
        who = 'cheats' or who = 'shop' and dice(n, 'crooked') < $crooked_orders as crooked,
        pick(n, 'ring', $rings) as ring,
        cast(floor(pow(dice(n, 'shop') * (pow($shops, 1 - $shop_rank_exponent) - 1) + 1, 1 / (1 - $shop_rank_exponent))) - 1 as bigint) as ranked_shop,
        cast(floor($buyers * pow(dice(n, 'buyer'), $buyer_skew)) as bigint) as any_buyer,
        day_slots.value as day,
        hour_slots.value as hour
    from told
    inner join day_slots on day_slots.slot = pick(n, 'day', 10000)
    inner join hour_slots on hour_slots.slot = pick(n, 'hour', 1000)
),

whose as (
    select
        *,
        case
            when who = 'ring' then ($shops // 3 + pick(ring * 64 + pick(n, 'shop of the ring', 5 + pick(ring, 'shops', 12)), 'which shop', $shops)) % $shops
            when crooked
                then (pick(pattern, 'first of the shops', $shops)
                    + pick(n, 'which of them', greatest(1, cast($shops * $crooked_shops / 4 as bigint))) * 37) % $shops
            else ranked_shop
        end as shop,
        case
            when who = 'ring' then 1000000000 + ring * 1000 + pick(n, 'buyer of the ring', 20 + pick(ring, 'buyers', 120))
            else any_buyer
        end as ranked_buyer
    from sold
),

timed as (
    select
        whose.*,
        case when pattern = 'own_accounts' then 2000000000 + shop * 100 + pick(n, 'own account', 15) else ranked_buyer end as buyer,
        case
            when crooked and dice(n, 'burst') < $frauds_in_bursts then pick(pattern || shop, 'day of the burst', cast($days as bigint))
            when pattern = 'honest_live_burst' then pick(shop, 'day of the show', cast($days as bigint))
            else day
        end * 86400
        + case
            when pattern = 'honest_live_burst' then 72000 + pick(shop, 'hour of the show', 7200) + pick(n, 'second', 900)
            else hour * 3600 + pick(n, 'second', 3600)
        end as paid
    from whose
)

select
    n, pattern, ring, shop, buyer, paid,
    case when pattern = 'honest_live_burst' then 0 else pick(n, 'product', (select max(products) from shops)) end as product_draw,
    case when pattern = 'honest_split' then 2 + pick(n, 'pieces', 3) when dice(n, 'pieces') < 0.12 then 2 + pick(n, 'pieces more', 2) else 1 end as quantity
from timed
