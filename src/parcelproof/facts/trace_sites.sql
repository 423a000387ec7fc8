-- One row: how often the parcel of a shipment entered a site again. Events without a site do not count.
with entered as (
    select
        shipment,
        list_transform(
            list_filter(events, lambda e: event_stage(e) in (2, 4) and event_site(e) > 0), lambda e: event_site(e)
        ) as sites
    from shipment_traces
)

select shipment, len(sites) - cast(list_unique(sites) as bigint) as repeated_nodes
from entered
where len(sites) <> list_unique(sites)
