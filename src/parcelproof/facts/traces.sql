-- One row: the events of one number of one carrier, in order, whatever ways it was written in the feed.
-- Equal events (same moment, stage, place and site) count once.
-- @view
with renamed as (
    select trace_names.carrier, trace_names.number, written.events
    from written_traces as written
    inner join trace_names on trace_names.written_carrier = written.carrier and trace_names.waybill_no = written.waybill_no
    union all
    select written.carrier, written.waybill_no, written.events
    from written_traces as written
    semi join trace_names on trace_names.carrier = written.carrier and trace_names.number = written.waybill_no
    anti join trace_names as odd on odd.written_carrier = written.carrier and odd.waybill_no = written.waybill_no
),

gathered as (
    select carrier, number, flatten(list(events)) as events
    from renamed
    group by carrier, number
),

together as (
    select written.carrier, written.waybill_no as number, written.events
    from written_traces as written
    anti join trace_names as odd on odd.written_carrier = written.carrier and odd.waybill_no = written.waybill_no
    anti join trace_names on trace_names.carrier = written.carrier and trace_names.number = written.waybill_no
    union all
    select carrier, number, sort_events(events)
    from gathered
)

select carrier, number, once_each(events) as events
from together
