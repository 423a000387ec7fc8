-- One row: a way in which the feed writes a declared number, where it is not the number's normal form, and what it means.
-- Only what no declaration names as it stands is looked at.
with strangers as (
    select written.written_key
    from written_traces as written
    anti join shipment_keys as keys on keys.trace_key = written.written_key
),

names as (
    select distinct scans.carrier as written_carrier, scans.waybill_no
    from scans
    semi join strangers on strangers.written_key = trace_key(scans.carrier, scans.waybill_no)
),

meant as (
    select
        names.*,
        coalesce(alias.carrier, upper(trim(names.written_carrier))) as carrier,
        number_of(names.waybill_no) as number
    from names
    left join carrier_aliases as alias on alias.alias = upper(trim(names.written_carrier))
)

select meant.*, trace_key(meant.written_carrier, meant.waybill_no) as written_key, trace_key(meant.carrier, meant.number) as trace_key
from meant
semi join shipment_keys as keys on keys.trace_key = trace_key(meant.carrier, meant.number)
