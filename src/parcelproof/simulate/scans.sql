-- One row: one scan, known some minutes after it happened. A foreign parcel ends in another province than the order's.
select
    carrier, waybill_no, event_time, event_time + to_minutes(cast(spread % 20 as bigint)) as received_at, stage,
    case
        when not at_destination then origin
        when pattern in ('foreign_parcel_other_province', 'honest_address_changed') then '230102'
        when pattern = 'foreign_parcel_other_city' then case left(destination, 2)
            when '33' then '330502' when '44' then '440305' when '51' then '510703' when '32' then '320508' when '42' then '420502' else destination
        end
        else destination
    end as adcode
from legs
order by event_time, waybill_no, stage
