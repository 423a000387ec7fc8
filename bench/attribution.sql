-- Shipments as the attribution reads them: a week of parcels of shops that each hand over at one of 3,000 branches. A pickup is
-- slow once in a hundred times, at some branches three times as often; on two branch days in a hundred the branch fails, and most
-- parcels wait for a day or two. One shop in a hundred is bad: it uploads numbers and hands over a tenth to nine tenths late or never.
create table shops as
select
    m, 'M' || m as merchant_id, cast(hash(m * 3) % $branches as bigint) as branch, hash(m * 5) % 100 = 0 as bad,
    0.1 + (hash(m * 7) % 80) / 100.0 as bad_share, power(1 - (hash(m * 11) % 100000) / 100000.0, -0.7) as size
from range($shops) as shops(m);

create table drawn as
select
    row_number() over () as shipment,
    shops.*,
    'C' || (branch % 5) as carrier,
    hash(m * 13, k) as h,
    cast(hash(m * 17, k) % 604800 as bigint) as second
from shops, range(cast(ceil(size * $parcels / (select sum(size) from shops)) as bigint)) as parcels(k);

create table parcels as
select
    *,
    hash(branch * 19, second // 86400) % 100 < 2 as outage,
    bad and (hash(h, 1) % 1000) / 1000.0 < bad_share as held_back,
    (hash(h, 2) % 100000) / 100000.0 as chance,
    0.005 + 0.015 * power((hash(branch * 23) % 1000) / 1000.0, 2) * 2 as usual_rate
from drawn;

create table shipments as
select
    shipment, carrier, merchant_id, 'standard' as mode, timestamp '2026-06-01' + to_seconds(second) as declared_at,
    timestamp '2026-06-01' + to_seconds(second) + case
        when held_back then to_hours(30 + cast(hash(h, 3) % 60 as bigint))
        when outage and chance < 0.8 then to_hours(26 + cast(hash(h, 3) % 22 as bigint))
        when chance < usual_rate then to_hours(25 + cast(hash(h, 3) % 20 as bigint))
        else to_hours(1 + cast(hash(h, 3) % 20 as bigint))
    end as collected_at,
    cast(null as timestamp) as withdrawn_at, true as pickup_scanned, cast(branch + 1 as integer) as collected_site,
    cast(null as timestamp) as hub_at, cast(null as timestamp) as waiting_at, cast(null as double) as longest_stall_hours,
    cast(null as timestamp) as longest_stall_from, cast(null as integer) as longest_stall_site, cast(null as integer) as first_code,
    cast(null as varchar) as adcode, cast(null as bigint[]) as events
from parcels;

-- Every parcel was at the sorting centre six hours after its pickup: pickups alone are tried.
update shipments set hub_at = collected_at + interval 6 hours, waiting_at = collected_at + interval 40 hours;

create table shipment_labels as select cast(null as bigint) as shipment, cast(null as varchar) as sender_outlet where false;
