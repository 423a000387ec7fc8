-- One row: how often the parcel of a shipment entered a site again. Scans without a site do not count, equal ones count once.
with entered as (
    select distinct shipment, event_time, stage, site
    from own_scans
    where stage in ('hub_in', 'outlet_in') and site is not null
)

select shipment, count(*) - count(distinct site) as repeated_nodes
from entered
group by shipment
having count(*) <> count(distinct site)
