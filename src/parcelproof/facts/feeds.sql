-- One row: a carrier whose feed is there at all, and the last day with an event.
select carrier, max(event_us(events[-1])) // 86400000000 as last_day
from traces
group by carrier
