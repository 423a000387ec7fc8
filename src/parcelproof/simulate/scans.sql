-- One row: one scan, known some minutes after it happened. A foreign parcel ends in another province than the order's.
select
    carrier, waybill_no, event_time, event_time + to_minutes(cast(spread % 20 as bigint)) as received_at, stage,
    case
        when not at_destination then origin
        when pattern in ('foreign_parcel_other_province', 'honest_address_changed') then '230102'
        else destination
    end as adcode
from legs
order by event_time, waybill_no, stage
