-- One row: a carrier and an hour in which its feed told of some parcel, hours since 1970. Four events of each trace stand for it.
select distinct
    carrier,
    unnest([event_us(events[1]), event_us(events[len(events) // 3 + 1]), event_us(events[len(events) * 2 // 3 + 1]), event_us(events[-1])])
        // 3600000000 as hour
from use_facts
