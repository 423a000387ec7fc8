-- One row: the events of one number of one carrier, in order, whatever ways it was written in the feed.
-- @view
with renamed as (
    select trace_names.trace_key, written.events
    from written_traces as written
    inner join trace_names on trace_names.written_key = written.written_key
    union all
    select written.written_key, written.events
    from written_traces as written
    semi join trace_names on trace_names.trace_key = written.written_key
),

gathered as (
    select trace_key, sort_events(flatten(list(events))) as events
    from renamed
    group by trace_key
)

select written.written_key as trace_key, written.events
from written_traces as written
anti join trace_names as odd on odd.written_key = written.written_key
anti join trace_names on trace_names.trace_key = written.written_key
union all
select trace_key, once_each(events)
from gathered
