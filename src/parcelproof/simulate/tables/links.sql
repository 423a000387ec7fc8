-- One row: a thing that a buyer's account shares: families and offices share a network and an address, rings their payers.
with buyers as (
    select buyer, min(paid) as paid, max(pattern = 'brushing_ring') as in_ring, max(pattern = 'own_accounts') as own, min(ring) as ring, min(shop) as shop
    from sold
    group by buyer
),

tied as (
    select
        *,
        case
            when in_ring then 'ring' || ring || ' ' || pick(buyer, 'handler', 4)
            when own then 'shop' || shop
            when dice(buyer, 'household') < 0.25 then 'family' || buyer // 3
            when dice(buyer, 'household') < 0.33 then 'office' || buyer // 40
            else 'alone' || buyer
        end as house
    from buyers
)

select 'B' || left(key_for('b', buyer), 14) as buyer_id, kind, key, utc(paid) as seen_at
from (
    select buyer, paid, 'ip' as kind, key_for('ip', house) as key from tied
    union all
    select buyer, paid, 'device', key_for('device', case when (in_ring or own) and dice(buyer, 'shares a device') < 0.5 then house else 'of ' || buyer end) from tied
    union all
    select buyer, paid, 'payer', key_for('payer', case when in_ring or own or left(house, 6) = 'family' then house else 'of ' || buyer end) from tied
)
order by buyer_id, kind, key
