-- A fortnight of parcels between thirty districts. Trucks leave by a timetable, so that parcels of one truck share its scans up to the split. Most shops
-- sell light goods; a few are bad and send dummies of some 35 grams for a part of their orders. One order in eighty has a forged trace: that
-- of a template, bound for another city, to the second or within half a minute of it.
create macro draw(id, what, n) as hash(id, what) % n;

create table districts as
select row_number() over () - 1 as place, adcode
from unnest([
    '110105', '120101', '130102', '140105', '150102', '210102', '220102', '230102', '310115', '320102', '320505', '330106', '330206', '340102', '350102',
    '350203', '360102', '370102', '370202', '410102', '420106', '430102', '440106', '440305', '450102', '500103', '510104', '530102', '610102', '620102'
]) as listed(adcode);

create table shops as
select
    m as shop, 'M' || m as merchant_id, case when m < $light then 'light' when m < $light + $bad then 'bad' else 'ordinary' end as kind,
    cast(draw(m, 'home', 30) as integer) as home, 10 + draw(m, 'dummies', 81) as dummies_in_100
from range($shops) as shops(m);

create table drawn as
select
    *, cast(draw(n, 'buyer', 30) as integer) as away, draw(n, 'product', 5) as product, 1 + draw(n, 'pieces', 2) as quantity,
    cast(draw(n, 'paid', 1209600) as bigint) as paid, draw(n, 'forged', 80) = 0 and kind = 'ordinary' as clone
from (select shops.*, shop * 100 + k as n from shops, range($parcels) as parcels(k));

create table goods as
select
    drawn.*,
    case kind when 'light' then 8 + draw(shop * 5 + product, 'grams', 40) else 250 + draw(shop * 5 + product, 'grams', 2000) end as piece_g,
    kind = 'bad' and draw(n, 'dummy', 100) < dummies_in_100 as dummy,
    draw(shop * 5 + product, 'catalogue', 10) < 7 as listed,
    case when draw(shop, 'wrong catalogue', 20) = 0 and kind = 'light' then 4 else 1 end as overstated
from drawn;

-- Seconds of a journey; a truck's are those of its shop's batch, of its lane and of its destination.
create table journeys as
select
    n, home, away,
    (paid // 10800 + 2) * 10800 + draw(shop, 'round', 3600) as collected,
    (paid // 10800 + 3) * 10800 + draw(home, 'sorted', 3600) as hub_in,
    (paid // 21600 + 3) * 21600 + draw(home * 30 + away, 'leaves', 1800) as hub_out,
    (paid // 21600 + 8) * 21600 + draw(home * 30 + away, 'arrives', 7200) as hub_in_there,
    (paid // 21600 + 9) * 21600 + draw(away, 'sent on', 7200) as outlet_in,
    (paid // 21600 + 9) * 21600 + 9000 + draw(n, 'round', 1200) as out_for_delivery,
    (paid // 21600 + 9) * 21600 + 12000 + draw(n, 'door', 20000) as delivered
from goods;

create table templates as
select row_number() over (order by n) - 1 as template, n as template_n, paid
from goods
where kind = 'ordinary' and not clone and draw(n, 'template', 100) = 0;

create table forged as
select goods.n, templates.template_n, templates.paid, draw(goods.n, 'jitter', 10) < 3 as jittered
from goods
inner join templates on templates.template = draw(goods.n, 'of', (select count(*) from templates))
inner join goods as originals on originals.n = templates.template_n
where goods.clone and originals.away <> goods.away;

create table steps as
select unnest(['collected', 'hub_in', 'hub_out', 'hub_in', 'outlet_in', 'out_for_delivery', 'delivered']) as stage, unnest(range(7)) as step;

create table made as
select
    goods.n, goods.shop, goods.merchant_id, goods.kind, goods.dummy, goods.product, goods.quantity, goods.piece_g, goods.listed, goods.overstated, goods.away,
    coalesce(forged.paid, goods.paid) as paid, coalesce(forged.template_n, goods.n) as travels_as, forged.n is not null as clone, coalesce(forged.jittered, false) as jittered
from goods
left join forged using (n);

copy (
    select
        'O' || made.n as order_id, merchant_id, 'B' || made.n as buyer_id, 'P' || shop || '-' || product as product_id, 'standard' as kind, 'standard' as mode,
        timestamp '2026-07-01' + to_seconds(paid) as paid_at, cast(50 as decimal(18, 2)) as amount_paid, cast(50 as decimal(18, 2)) as unit_price, quantity, 'CNY' as currency,
        case when listed then piece_g * quantity * overstated end as goods_weight_g, timestamp '2026-07-03' + to_seconds(paid) as promised_ship_at, districts.adcode,
        'R' || made.n as recipient_key, 'P' || made.n as phone_key, 'completed' as status
    from made
    inner join districts on districts.place = made.away
) to '$folder/orders.parquet' (format parquet);

copy (
    select 'O' || n as order_id, 'SF' as carrier, 'SF' || (1000000000000 + n) as waybill_no, timestamp '2026-07-01' + to_seconds(paid + 3600) as declared_at, cast(null as timestamp) as withdrawn_at
    from made
) to '$folder/declarations.parquet' (format parquet);

copy (
    select
        'SF' as carrier, 'SF' || (1000000000000 + n) as waybill_no, timestamp '2026-07-01' + to_seconds(paid + 3600) as created_at,
        cast(case when dummy then 31 + draw(n, 'dummy g', 9) else piece_g * quantity * (0.97 + draw(n, 'scale', 60) / 1000.0) + 8 + draw(n, 'wrapping', 12) end as bigint) as weight_g
    from made
) to '$folder/parcels.parquet' (format parquet);

copy (
    select
        'SF' as carrier, 'SF' || (1000000000000 + made.n) as waybill_no,
        timestamp '2026-07-01'
        + to_seconds([collected, hub_in, hub_out, hub_in_there, outlet_in, out_for_delivery, delivered][step + 1])
        + to_milliseconds(case when jittered then cast(draw(made.n * 10 + step, 'off', 60001) as bigint) - 30000 else 0 end) as event_time,
        stage, districts.adcode
    from made
    inner join journeys on journeys.n = made.travels_as
    cross join steps
    inner join districts on districts.place = case when step < 3 then journeys.home else journeys.away end
) to '$folder/scans.parquet' (format parquet);
