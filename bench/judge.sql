-- Shipments of one month with eight scans each; scans stand in the order of their time. Of $shipments in all these are the ones from
-- number $first up to $last, and of their scans those from $since until $until: so that one day can be written without the others.
create or replace temp view shipments as
select
    n, 'O' || (100000000 + n) as order_id, 'M' || (n % 20000) as merchant_id, 'B' || (hash(n * 7) % 500000) as buyer_id,
    timestamp '2026-06-01' + to_seconds(cast(n * (2592000.0 / $shipments) as bigint)) as paid_at,
    ['SF', 'ZTO', 'YTO', 'STO', 'YD', 'JD'][1 + cast(hash(n) % 6 as bigint)] as carrier, cast(73000000000000 + n * 7 as varchar) as waybill_no,
    ['330106', '440106', '110105', '510107', '650102'][1 + cast(hash(n * 3) % 5 as bigint)] as adcode
from range($first, $last) as series(n);

create or replace temp view orders as
select
    order_id, merchant_id, buyer_id, 'P' || (hash(n) % 100000) as product_id, 'standard' as kind, 'standard' as mode, paid_at - to_minutes(2) as placed_at,
    paid_at, cast(10 + hash(n * 5) % 20000 / 100.0 as decimal(18,2)) as amount_paid, cast(20 as decimal(18,2)) as unit_price, cast(1 as bigint) as quantity,
    'CNY' as currency, cast(500 as bigint) as goods_weight_g, paid_at + to_hours(48) as promised_ship_at, adcode,
    md5('r' || n) as recipient_key, md5('p' || n) as phone_key, 'completed' as status
from shipments;

create or replace temp view declarations as
select order_id, carrier, waybill_no, paid_at + to_hours(6) as declared_at, cast(null as timestamp) as withdrawn_at from shipments;

create or replace temp view scans as
with scanned as (
    select *, paid_at + to_seconds(cast(7 * 3600 + step * 36000 + hash(n * 31 + step) % 18000 as bigint)) as event_time
    from shipments, range(8) as steps(step)
)
select
    carrier, waybill_no, event_time, cast(null as timestamp) as received_at,
    ['collected', 'hub_in', 'hub_out', 'hub_in', 'hub_out', 'outlet_in', 'out_for_delivery', 'delivered'][step + 1] as stage,
    'site ' || (hash(n * 13 + step) % 3000) as place, case when step < 2 then '350102' else adcode end as adcode,
    'F' || (hash(n * 13 + step) % 3000) as facility_id, cast(null as bigint) as weight_g, cast(null as varchar) as description
from scanned
where event_time >= timestamp '$since' and event_time < timestamp '$until'
order by event_time;
