-- One row: a hub of a carrier and a time in which it stood still, which nobody announced.
with blocks as (
    select hubs.hub, carriers.number as carrier_no, block, (hubs.hub * 10 + carriers.number) * 1000 + block as place
    from (select distinct hub from cities) as hubs
    cross join carriers
    cross join range(cast(($days + $watched_days) / 4 as bigint)) as series(block)
)

select
    hub,
    carrier_no,
    block * 345600 + pick(place, 'jam begins', 86400) as from_second,
    block * 345600 + pick(place, 'jam begins', 86400) + cast(between_dice(place, 'jam lasts', 52, 70) * 3600 as bigint) as until_second
from blocks
where dice(place, 'hub is jammed') < $share_honest_hub_jam
