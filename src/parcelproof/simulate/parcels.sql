-- One row: the carrier's record of a parcel. The label of an honest parcel names the order's recipient.
select
    carrier, waybill_no, collected_at - to_minutes(60) as created_at, md5('s' || merchant_id) as sender_key, origin as sender_adcode,
    case when pattern in ('honest', 'late_stock', 'stalled', 'honest_storm', 'empty_parcel', 'honest_number_corrected') then md5('r' || order_id) end
        as recipient_key,
    case when pattern in ('honest', 'late_stock', 'stalled', 'honest_storm', 'empty_parcel', 'honest_number_corrected') then md5('p' || order_id) end
        as phone_key,
    cast(case when pattern = 'empty_parcel' then 40 else 380 + spread % 60 end as bigint) as weight_g,
    collected_at + to_minutes(30) as weighed_at
from world
where pattern not in ('never_handed_over', 'number_reused', 'honest_no_feed')
order by waybill_no
