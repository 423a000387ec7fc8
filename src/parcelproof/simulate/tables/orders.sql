-- One row: one order of the simulated marketplace.
select
    order_name(n) as order_id,
    'M' || lpad(cast(shop as varchar), 6, '0') as merchant_id,
    'B' || left(key_for('b', buyer), 14) as buyer_id,
    'P' || product as product_id,
    case pattern
        when 'honest_presale' then 'presale'
        when 'honest_exchange' then 'exchange'
        when 'honest_gift' then 'gift'
        when 'honest_self_delivery' then 'self_delivery'
        when 'silent_self_delivery' then 'self_delivery'
        else 'standard'
    end as kind,
    'standard' as mode,
    utc(case when pattern = 'honest_presale' then least(paid, pickup) - 172800 else paid - 20 - pick(n, 'placed', 600) end) as placed_at,
    utc(paid) as paid_at,
    cast(greatest(1, price * quantity * between_dice(n, 'coupon', 0.8, 1)) as decimal(18, 2)) as amount_paid,
    cast(price as decimal(18, 2)) as unit_price,
    quantity,
    'CNY' as currency,
    case when dice(product, 'catalogue') < $catalogue_weight
        then cast(round(piece_g * case when pattern = 'honest_catalogue_weight' then 4 else 1 end) * quantity as bigint)
    end as goods_weight_g,
    utc(paid + promised_hours * 3600) as promised_ship_at,
    cast(destination as varchar) as adcode,
    key_for('r', buyer) as recipient_key,
    key_for('p', buyer) as phone_key,
    case when refunded then 'refunded' when pattern = 'never_shipped' then 'paid' else 'completed' end as status
from sold
order by n
