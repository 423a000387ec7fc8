-- One row: a shipment whose whole trace, ending included, is another number's: the same stages, places and sites, and the same
-- moments within half a minute. Parcels of one truck share its scans up to the split and part after it, so the ending must be equal
-- too: an unfinished trace is no copy yet. One known destination among unknown ones may be all there is: how many they are is unknown.
-- Traces are compared one by one only where their ends are alike and they are equal, or bound for different places.
with alike as not materialized (
    select
        shipment, trace_key, merchant_id, adcode, trace_hash,
        hash(
            first_code, delivered_code, scans_on_trace, collected_site,
            epoch_us(first_scan_at) // 1200000000, epoch_us(delivered_at) // 1200000000
        ) as ends
    from shipments
    where trace_hash is not null and delivered_at is not null
),

-- Numbers are grouped first, and hardly any repeats: only then is it worth to look at places.
repeated as (
    select ends
    from alike
    group by ends
    having count(*) > 1
),

near as (
    select ends
    from alike
    where ends in (select ends from repeated)
    group by ends
    having min(adcode) <> max(adcode) and min(trace_key) <> max(trace_key)
),

equal as (
    select trace_hash
    from alike
    group by trace_hash
    having min(trace_key) <> max(trace_key)
),

suspects as (
    select shipment, trace_key, merchant_id, ends, trace_hash, place_city(adcode) as city
    from alike
    where ends in (select ends from near) or trace_hash in (select trace_hash from equal)
),

candidates as (
    select suspects.*, shipment_traces.events
    from suspects
    inner join shipment_traces on shipment_traces.shipment = suspects.shipment
),

-- Very many orders may stand on one number: to the others its trace is one trace for each shop and city.
traces_beside as (
    select distinct trace_key, merchant_id, ends, trace_hash, city, events from candidates
),

pairs as (
    select mine.shipment, mine.city as own_city, other.trace_key, other.city, other.merchant_id is distinct from mine.merchant_id as of_others
    from candidates as mine
    inner join traces_beside as other on other.trace_hash = mine.trace_hash and other.events = mine.events
    where other.trace_key <> mine.trace_key
    union all
    select mine.shipment, mine.city, other.trace_key, other.city, other.merchant_id is distinct from mine.merchant_id
    from candidates as mine
    inner join traces_beside as other on other.ends = mine.ends and other.trace_hash <> mine.trace_hash and other.city <> mine.city
    where
        len(mine.events) = len(other.events)
        and len(list_filter(
            mine.events,
            lambda e, i: event_step(e) <> event_step(other.events[i]) or abs(event_us(e) - event_us(other.events[i])) > 30000000
        )) = 0
)

select
    shipment,
    count(distinct trace_key) as identical_traces,
    case when bool_and(of_others) then true end as copies_are_others,
    case
        when count(distinct city) filter (where city <> own_city) > 0 then count(distinct city) filter (where city <> own_city) + 1
        when count(city) = count(*) and any_value(own_city) is not null then 1
    end as identical_trace_destinations
from pairs
group by shipment
