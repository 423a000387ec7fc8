-- A month of a small market with honest groups, and rings where $rings. Each order becomes one parcel with a whole trace. The
-- goods of M103, a shop of the ring, are so light that no weight tells whether they were sent.
create or replace temp macro draw(a, b) as (hash(a, b, $seed) % 4294967296) / 4294967296.0;

create or replace temp table trades as
-- ordinary buyers: 0 to 3 in 10 of whom buy often, popular shops first
select 'B' || cast(floor(2600 * pow(draw(n, 'b'), 1.6)) as bigint) as buyer, 'M' || cast(floor(150 * pow(draw(n, 's'), 2)) as bigint) as shop, 'ordinary' as kind
from range(7000) as t(n)
union all
-- a crowd of a live-stream: 400 accounts, one shop
select 'LIVE' || n, 'M77', 'live' from range(400) as t(n)
union all
-- 12 families of 4 at the same 5 shops, one address and one payer each
select 'FAM' || f || '-' || m, 'M' || cast(floor(150 * draw(f, s)) as bigint), 'family'
from range(12) as a(f), range(4) as b(m), range(5) as c(s)
union all
-- an office of 40 at 12 shops, paid by the company
select 'OFF' || m, 'M' || cast(floor(150 * draw('office', s)) as bigint), 'office'
from range(40) as b(m), range(12) as c(s) where draw('o' || m, s) < 0.4
union all
-- a dormitory of 60 at 8 shops, whose pickup station signs in bulk, wherever they buy
select 'DORM' || m, 'M' || cast(floor(150 * draw('dorm', s)) as bigint), 'dormitory'
from range(60) as b(m), range(20) as c(s) where draw('d' || m, s) < 0.4
union all
-- group buying: 80 neighbours, 3 shops, referred by one another
select 'GRP' || m, 'M' || (40 + s), 'group' from range(80) as b(m), range(3) as c(s)
union all
-- fans of 6 shops of one owner, who confirm and review at once, as all buyers of those shops do half of the time
select 'FAN' || m, 'M' || (140 + s), 'fans' from range(60) as b(m), range(6) as c(s) where draw('f' || m, s) < 0.8
union all
-- a ring: 40 accounts, 7 small shops and one rival whom it brushes with whole parcels
select 'RING' || m, 'M' || (100 + 3 * s), 'ring' from range(40) as b(m), range(8) as c(s) where $rings and draw('r' || m, s) < 0.6
union all
-- the accounts of the ring also buy like others
select 'RING' || m, 'M' || cast(floor(150 * pow(draw('cover' || m, i), 2)) as bigint), 'ordinary' from range(40) as b(m), range(5) as c(i) where $rings
union all
-- bought gift parcels: 120 strangers get them from one sender, for 12 shops that send their own goods as others do
select 'GIFT' || n, 'M' || (12 + 3 * (n % 12)), 'gift' from range(120) as t(n) where $rings
union all
-- throw-away accounts, one order each, paid by 10 payers
select 'SYB' || n, 'M' || (101 + 3 * (n % 6)), 'sybil' from range(240) as t(n) where $rings;

create or replace temp table world as
select
    'O' || lpad(cast(row_number() over (order by buyer, shop, kind, i) as varchar), 6, '0') as order_id,
    '77' || lpad(cast(row_number() over (order by buyer, shop, kind, i) as varchar), 12, '0') as waybill_no,
    *,
    timestamp '2026-09-01 00:00:00' + to_seconds(cast(floor(26 * 86400 * draw(buyer || shop, i)) as bigint)) as paid_at,
    case
        when shop = 'M103' then false
        when kind in ('ring', 'sybil') and shop <> 'M121' then draw(buyer, shop || 'flag') < 0.7
        when kind = 'gift' then draw(buyer, shop || 'flag') < 0.8
        -- two shops of one owner, one warehouse, and a catalogue whose weights are wrong
        when shop in ('M148', 'M149') then draw(buyer, shop || 'flag') < 0.6
        when shop in ('M9', 'M33', 'M60') then draw(buyer, shop || 'flag') < 0.35
        else draw(buyer, shop || 'flag') < 0.03
    end as light,
    kind = 'dormitory' and draw(buyer, shop || 'station') < 0.6 as bulk_signed,
    case
        when kind in ('ring', 'sybil') then draw(buyer, shop || 'confirm') < 0.5
        when shop in ('M140', 'M141', 'M142', 'M143', 'M144', 'M145') then draw(buyer, shop || 'confirm') < 0.5
        else draw(buyer, shop || 'confirm') < 0.04
    end as hasty
from (select *, row_number() over (partition by buyer, shop, kind) as i from (select * from trades order by all));

create or replace temp table market_orders as
select
    order_id, shop as merchant_id, buyer as buyer_id, 'P' || shop as product_id, paid_at, 59.00::decimal(18,2) as amount_paid, 59.00::decimal(18,2) as unit_price,
    1::bigint as quantity, 'CNY' as currency, case when shop = 'M103' then 100 else 500 end::bigint as goods_weight_g, paid_at + interval 48 hours as promised_ship_at, '330106' as adcode,
    md5('r' || buyer) as recipient_key, 'completed' as status
from world;

create or replace temp table market_declarations as
select order_id, 'ZTO' as carrier, waybill_no, paid_at + interval 5 hours as declared_at from world;

create or replace temp table market_parcels as
select
    'ZTO' as carrier, waybill_no, paid_at + interval 5 hours as created_at, case when kind = 'gift' then 'GIFTS' when shop in ('M148', 'M149') then 'OWNER' when hash(shop, 'warehouse') % 3 = 0 then 'SHARED' else md5('s' || shop) end as sender_key,
    '330784' as sender_adcode, md5('r' || buyer) as recipient_key, case when light then 40 else 420 + hash(order_id) % 160 end::bigint as weight_g, paid_at + interval 8 hours as weighed_at
from world;

create or replace temp table market_scans as
select 'ZTO' as carrier, waybill_no, paid_at + to_minutes(cast(60 * hours as bigint) + if(position = 4 and bulk_signed, -110, 0)) as event_time, stage, if(position < 3, '330784', '330106') as adcode
from world
cross join (values (0, 'collected', 7.0), (1, 'hub_in', 12.0), (2, 'outlet_in', 34.0), (3, 'out_for_delivery', 34.1), (4, 'delivered', 36.0)) as step(position, stage, hours)
where not (position = 3 and bulk_signed);

create or replace temp table market_receipts as
select order_id, paid_at + interval 36 hours + if(hasty, interval 3 minutes, interval 30 hours) as confirmed_at, 'buyer' as confirmed_by from world;

create or replace temp table market_links as
select 'SYB' || n as buyer_id, 'payer' as kind, 'pay' || (n % 10) as key from range(240) as t(n) where $rings
union all
select 'FAM' || f || '-' || m, kind, kind || f from range(12) as a(f), range(4) as b(m), (values ('payer'), ('address')) as k(kind)
union all
select 'OFF' || m, kind, kind || '-office' from range(40) as b(m), (values ('payer'), ('ip'), ('address')) as k(kind)
union all
select 'DORM' || m, kind, kind || '-dorm' from range(60) as b(m), (values ('ip'), ('address')) as k(kind)
union all
select 'GRP' || m, 'referrer', 'chief' from range(80) as b(m);

create or replace temp table market_merchants as
select 'M' || s as merchant_id, 'c' || (s % 5) as category from range(150) as t(s);

create or replace temp table market_warehouses as
select 'SHARED' as sender_key, 'warehouse' as operator;
