-- One row: a carrier whose feed is there at all, and the last day with an event.
select carrier, max(hour) // 24 as last_day
from feed_hours
group by carrier
