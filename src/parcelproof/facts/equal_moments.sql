-- One row: a shipment whose trace has the same stages as another number's at the same moments within a minute, though they end
-- in different cities. Parcels of one truck share its scans up to the split: of what comes after it, three scans at least must agree,
-- the delivery among them, for roads and rounds differ. A feed may have lost one scan.
with ended as (
    select
        shipment, trace_key, delivered_code // 100 as city,
        hash(first_code, collected_site, epoch_us(first_scan_at) // 1200000000) as head,
        unnest([epoch_us(delivered_at) // 120000000, (epoch_us(delivered_at) + 60000000) // 120000000 + 0.5]) as minutes
    from shipments
    where delivered_code > 0 and scans_on_trace >= 4
),

alike as (
    select head, minutes
    from ended
    group by head, minutes
    having min(city) <> max(city)
),

candidates as (
    select ended.shipment, ended.trace_key, ended.city, ended.head, ended.minutes, shipment_traces.events
    from ended
    semi join alike on alike.head = ended.head and alike.minutes = ended.minutes
    inner join shipment_traces on shipment_traces.shipment = ended.shipment
),

pairs as (
    select mine.shipment, other.trace_key, mine.events, other.events as other_events
    from candidates as mine
    inner join candidates as other on other.head = mine.head and other.minutes = mine.minutes and other.city <> mine.city
    where abs(len(mine.events) - len(other.events)) <= 1
),

-- Each event beside the other trace's event of the same stage and moment: 0 where there is none.
matched as (
    select
        shipment, trace_key, events, other_events,
        list_transform(
            events,
            lambda e: coalesce(list_filter(
                other_events, lambda o: event_stage(o) = event_stage(e) and abs(event_us(o) - event_us(e)) <= 60000000
            )[1], 0)
        ) as partners
    from pairs
)

select shipment, count(distinct trace_key) as same_moments_elsewhere
from matched
where
    len(list_filter(partners, lambda partner: partner <> 0)) >= greatest(len(events), len(other_events)) - 1
    and len(list_filter(partners, lambda partner, i: partner <> 0 and event_place(partner) <> event_place(events[i]))) >= 3
group by shipment
