-- One row: a shipment and a disturbance in whose scope it lies. `certain` is null where the scope names a place
-- and no place of the shipment is known.
with scoped as (
    select
        windows.shipment,
        known.starts_at,
        known.ends_at,
        known.extra_hours,
        known.waive,
        known.announced,
        case
            when known.adcode is null then true
            when len(windows.ends) + len(windows.passed) = 0 then null
            else len(list_filter(list_concat(windows.ends, windows.passed), lambda code: starts_with(code, known.adcode))) > 0
        end as in_place,
        known.facility_id is null or visits.shipment is not null as at_site
    from windows
    inner join disturbances as known
        on known.starts_at <= windows.span_end and known.ends_at >= windows.span_start
    left join visits on visits.shipment = windows.shipment and visits.facility_id = known.facility_id
    where known.carrier is null or known.carrier = windows.carrier
)

select *, in_place as certain
from scoped
where at_site and in_place is not false
