-- One row: a scan that stands more than once in the data, and how many times. Only numbers whose ordered trace holds the
-- same event twice are looked at, so that the whole feed need not be compared.
with suspects as (
    select written_key
    from written_traces
    where repeats > 0
)

select scans.*, count(*) as times
from scans
semi join suspects on suspects.written_key = trace_key(scans.carrier, scans.waybill_no)
group by all
having count(*) > 1
