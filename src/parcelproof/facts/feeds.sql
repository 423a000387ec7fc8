-- One row: a carrier whose feed is there at all, and the last day with an event.
select carrier, epoch_us(max(last_scan_at)) // 86400000000 as last_day
from use_facts
group by carrier
