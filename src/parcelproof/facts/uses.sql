-- One row: one use of one number, numbered from the oldest. Carriers give numbers out again: a use ends with 30 days of
-- silence (the shortest time after which a carrier documents that it recycles numbers: ZTO, 30 to 60 days) before a new
-- label or pickup, or, where that scan was missed, before any step of a way once the way before has ended or lay ready for the buyer; after 60
-- days of silence no step belongs to the way before.
-- @view
with measured as not materialized (
    select
        trace_key,
        events,
        case
            when event_us(events[-1]) - event_us(events[1]) >= 2592000000000 then list_filter(
                range(2, len(events) + 1),
                lambda i: event_us(events[i]) - event_us(events[i - 1]) >= 2592000000000 
                    and (
                        event_stage(events[i]) in (0, 1)
                        or event_stage(events[i]) between 2 and 7
                            and (event_stage(events[i - 1]) in (6, 7, 11) or event_us(events[i]) - event_us(events[i - 1]) >= 5184000000000)
                    )
            )
        end as restarts
    from traces
),

several as (
    select
        trace_key,
        events,
        len(restarts) + 1 as use_count,
        unnest(range(1, len(restarts) + 2)) as use_no,
        unnest(list_prepend(1, restarts)) as from_event,
        unnest(list_append(list_transform(restarts, lambda i: i - 1), len(events))) as to_event
    from measured
    where len(restarts) > 0
)

select trace_key, 1 as use_no, 1 as use_count, events, cast(null as bigint) as earlier_use_ended_us
from measured
where coalesce(len(restarts), 0) = 0
union all
select
    trace_key,
    use_no,
    use_count,
    events[from_event : to_event] as events,
    case when from_event > 1 then event_us(events[from_event - 1]) end as earlier_use_ended_us
from several
