-- One row: a shipment and a disturbance in whose scope it lies. `certain` is null where the scope names a place
-- and no place of the shipment is known. A scope that names a place is met by the beginning of a code. At a place that the parcel only
-- passed, what was announced reaches it from its pickup on: it held up no pickup.
with lengths as (
    select distinct length(adcode) as digits from disturbances where adcode is not null
),

prefixes as (
    select windows.shipment, left(places.code, lengths.digits) as prefix, bool_or(list_contains(windows.ends, places.code)) as at_end
    from windows, unnest(list_concat(windows.ends, windows.passed)) as places(code), lengths
    where left(places.code, lengths.digits) in (select adcode from disturbances where adcode is not null)
    group by windows.shipment, left(places.code, lengths.digits)
),

reached as (
    select prefixes.shipment, known.* exclude (carrier), known.carrier as only_carrier, true as certain, prefixes.at_end
    from prefixes
    inner join disturbances as known on known.adcode = prefixes.prefix
    union all
    select windows.shipment, known.* exclude (carrier), known.carrier, true, true
    from windows
    inner join disturbances as known on known.starts_at <= windows.span_end and known.ends_at >= windows.span_start
    where known.adcode is null
    union all
    select windows.shipment, known.* exclude (carrier), known.carrier, cast(null as boolean), true
    from windows
    inner join disturbances as known on known.starts_at <= windows.span_end and known.ends_at >= windows.span_start
    where known.adcode is not null and len(windows.ends) + len(windows.passed) = 0
)

select
    reached.shipment,
    case when reached.at_end then reached.starts_at else greatest(reached.starts_at, windows.collected_at) end as starts_at,
    reached.ends_at, reached.extra_hours, reached.waive, reached.announced, reached.certain
from reached
inner join windows
    on windows.shipment = reached.shipment and reached.starts_at <= windows.span_end and reached.ends_at >= windows.span_start
left join visits on visits.shipment = reached.shipment and visits.facility_id = reached.facility_id
where
    (reached.at_end or windows.collected_at is null or windows.collected_at < reached.ends_at)
    and (reached.only_carrier is null or reached.only_carrier = windows.carrier)
    and (reached.facility_id is null or visits.shipment is not null)
