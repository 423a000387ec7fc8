-- One row: a scan that stands more than once in the data, and how many times. Only numbers whose ordered trace holds the
-- same event twice are looked at, so that the whole feed need not be compared.
with suspects as (
    select carrier, waybill_no
    from written_traces
    where len(list_filter(events, lambda e, i: i > 1 and e = events[i - 1])) > 0
)

select scans.*, count(*) as times
from scans
semi join suspects on suspects.carrier = scans.carrier and suspects.waybill_no = scans.waybill_no
group by all
having count(*) > 1
