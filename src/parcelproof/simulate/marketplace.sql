-- One row: a simulated order with the parcel that went out for it, or did not, and what is true of it.
-- A pattern is drawn by the share it has; everything else by hashes of the seed and the order's number, so that a seed
-- gives the same marketplace on any machine with any number of threads. Two shops go wrong for a day each: M9001 takes every
-- tenth order of the twelfth day and hands nothing over, M9002 every hundredth of the nineteenth day and sends empty parcels.
with numbered as (
    select
        n,
        cast(hash(n * 31 + $seed) >> 2 as bigint) as h,
        (hash(n * 37 + $seed * 7) % 100000) / 100000.0 as draw,
        case
            when n * 30 // $shipments = 11 and hash(n * 41 + $seed * 3) % 10 = 0 then 'M9001'
            when n * 30 // $shipments = 18 and hash(n * 41 + $seed * 3) % 100 = 0 then 'M9002'
        end as bad_shop
    from range($shipments) as series(n)
),

placed as (
    select
        n,
        h,
        case
            when bad_shop = 'M9001' then 'never_handed_over'
            when bad_shop = 'M9002' then 'empty_parcel'
            when draw < 0.004 then 'never_handed_over'
            when draw < 0.008 then 'number_reused'
            when draw < 0.011 then 'foreign_parcel_other_province'
            when draw < 0.014 then 'old_trace_before_payment'
            when draw < 0.018 then 'late_stock'
            when draw < 0.021 then 'stalled'
            when draw < 0.023 then 'empty_parcel'
            when draw < 0.024 then 'foreign_parcel_other_city'
            when draw < 0.030 then 'honest_address_changed'
            when draw < 0.040 then 'honest_number_corrected'
            when draw < 0.045 then 'honest_no_feed'
            when draw < 0.050 then 'honest_storm'
            else 'honest'
        end as pattern,
        timestamp '2026-08-10 00:00:00' + to_seconds(cast(n * (30 * 86400.0 / $shipments) as bigint)) as paid_at,
        ['330106', '440106', '110105', '510107', '320106', '420106'][1 + h % 6] as destination,
        ['330784', '440513', '350503', '130105'][1 + (h >> 8) % 4] as origin,
        ['SF', 'ZTO', 'YTO', 'STO', 'YD'][1 + (h >> 16) % 5] as carrier,
        coalesce(bad_shop, 'M' || lpad(cast(cast(floor(200 * power(((h >> 24) % 1000) / 1000.0, 2)) as bigint) as varchar), 4, '0')) as merchant_id,
        round(8 + ((h >> 30) % 30000) / 100.0, 2) as amount
    from numbered
)

select
    'O' || lpad(cast(n as varchar), 9, '0') as order_id,
    case when pattern = 'honest_no_feed' then 'LOCALEX' else carrier end as carrier,
    '78' || lpad(cast(case when pattern = 'number_reused' and n > 0 then n - 1 else n end as varchar), 12, '0') as waybill_no,
    pattern,
    case pattern
        when 'never_handed_over' then 'false_shipping'
        when 'number_reused' then 'false_shipping'
        when 'foreign_parcel_other_province' then 'false_shipping'
        when 'old_trace_before_payment' then 'false_shipping'
        when 'foreign_parcel_other_city' then 'false_shipping'
        when 'late_stock' then 'late_shipping'
        when 'stalled' then 'stalled_trace'
        when 'empty_parcel' then 'fraudulent_parcel'
        else 'honest'
    end as truth,
    * exclude (n, pattern, carrier, h),
    paid_at + to_seconds(cast(3600 + (h >> 12) % 30000 as bigint)) as declared_at,
    paid_at
        + to_seconds(cast(3600 + (h >> 12) % 30000 as bigint))
        + case pattern
            when 'late_stock' then to_hours(90)
            when 'old_trace_before_payment' then to_hours(-70)
            else to_seconds(cast(1800 + (h >> 20) % 36000 as bigint))
        end as collected_at,
    (h >> 5) % 86400 as spread
from placed
