-- A market for the rings bench, from $orders natural orders on: power-law buyers and shops, 60 categories of which each
-- buyer has 3 own ones, honest groups, and planted rings. `draw` is a number in [0, 1) that depends on its arguments and the seed alone.
create or replace temp macro draw(a, b) as (hash(a, b, $seed) % 4294967296) / 4294967296.0;
create or replace temp macro shop_of_rank(u, shops) as least(cast(floor(pow(1 + u * (pow(shops + 1, 0.1) - 1), 10)) as bigint), shops) - 1;

create or replace temp table ordinary as
select
    n,
    buyer,
    case
        when draw(n, 'own') < 0.7
            then least(60 * shop_of_rank(draw(n, 'shop'), $shops // 60) + cast(floor(60 * draw(buyer * 3 + cast(floor(3 * draw(n, 'which')) as bigint), 'category')) as bigint), $shops - 1)
        else shop_of_rank(draw(n, 'shop'), $shops)
    end as shop
from (select n, cast(floor($buyers * pow(draw(n, 'buyer'), 1.833)) as bigint) as buyer from range($orders) as series(n));

-- Honest groups: many accounts at the same shops, none of them brushing. `odd` is the rate of weak facts of all the group's orders, wherever they buy.
create or replace temp table honest_groups as
select * from (values
    ('live-stream crowd', 1, 20000, 1, 1.0, null),
    ('group buying', 2, 200, 3, 1.0, null),
    ('fan base', 1, 400, 8, 0.9, null),
    ('office', 2, 80, 30, 0.3, null),
    ('dormitory', 4, 300, 12, 0.3, 0.3),
    ('village', 1, 500, 10, 0.3, 0.4),
    ('family', 300, 4, 6, 0.8, null)
) as listed(kind, copies, members, shops, density, odd)
where $groups;

create or replace temp table grouped as
select kind, copy, member, shop_no, odd,
    100000000 + hash(kind, copy, member) % 1000000000 as buyer,
    case
        when kind in ('live-stream crowd', 'group buying') then cast(floor($shops * draw(kind, concat(copy, '/', shop_no))) as bigint)
        else shop_of_rank(draw(kind, concat(copy, ' ', shop_no)), $shops)
    end as shop
from honest_groups
cross join range(honest_groups.copies) as c(copy)
cross join range(honest_groups.members) as m(member)
cross join range(honest_groups.shops) as s(shop_no)
where draw(concat(kind, copy), concat(member, '+', shop_no)) < density;

-- The members of honest groups also buy elsewhere: three natural orders each.
create or replace temp table elsewhere as
select buyer, odd, shop_of_rank(draw(buyer, concat('elsewhere', i)), $shops) as shop
from (select distinct buyer, odd from grouped)
cross join range(3) as times(i);

create or replace temp table fakes as
select
    ring, hit, camouflage, member, shop_no,
    2000000000 + ring_group * 1000000 + member as buyer,
    $shops // 2 + (hash('ring shop', shop_group, $seed) % ($shops // 2 - shops) + shop_no * step) % ($shops // 2) as shop
from planted_rings
cross join range(planted_rings.buyers) as b(member)
cross join range(planted_rings.shops) as s(shop_no)
where draw(concat('fake', ring, '/', member), shop_no) < density;

create or replace temp table disguises as
select buyer, shop_of_rank(draw(buyer, concat('disguise', shop, '/', i)), $shops) as shop
from fakes
cross join range(20) as times(i)
where i < camouflage;

-- How often an honest order of a shop carries a weak fact: 3 in 100; uneven, a tenth of the categories at 40 in 100, and shops differ.
create or replace temp table shop_rates as
select shop, least(0.9, case when not $uneven then 0.03
    else (case when shop % 60 in (3, 17, 29, 31, 44, 58) then 0.4 else 0.03 end) * exp(0.5 * sqrt(-2 * ln(1 - draw(shop, 'a'))) * cos(6.283185 * draw(shop, 'b')) - 0.125) end) as rate
from range($shops) as s(shop);

create or replace table ring_orders as
with orders as (
    select buyer, shop, null::double as odd, null::double as hit from ordinary
    union all select buyer, shop, odd, null from grouped
    union all select buyer, shop, odd, null from elsewhere
    union all select buyer, shop, null, null from disguises
    union all select buyer, shop, null, hit from fakes
),

pairs as (
    select buyer, shop, max(odd) as odd, max(hit) as hit
    from orders
    group by buyer, shop
)

select
    cast(buyer as varchar) as actor, cast(shop as varchar) as shop, cast(buyer as varchar) as buyer,
    draw(concat(buyer, ' ', shop), 'flag') < coalesce(hit, greatest(odd, rate), rate) as flagged,
    cast(shop % 60 as varchar) as stratum,
    hit is not null as fake
from pairs
inner join shop_rates using (shop);
