-- One row: an order with the time at which its number was uploaded and the time at which its parcel was to be collected.
-- Seconds since the first midnight. A full outlet moves the pickup by a day for all its shops, after the upload; on a public
-- holiday some shops hand over a day later, which their promise allows.
with moved as (
    select
        agreed.*,
        pick(sender_name, by_carrier, carriers.outlets) as outlet,
        agreed.pattern in ('honest', 'honest_early_label', 'honest_masked_label', 'honest_default_weight', 'honest_live_burst')
            and dice(
                ((agreed.origin * 10 + by_carrier) * 10 + pick(sender_name, by_carrier, carriers.outlets)) * 1000 + agreed.pickup_day,
                'outlet is full'
            ) < $share_honest_branch_full as outlet_full,
        agreed.pattern = 'honest' and coalesce(days.holiday, false) and dice(agreed.n, 'holiday') < $share_honest_holiday
            and agreed.pickup + 86400 < agreed.paid + agreed.promised_hours * 3600 as carrier_rests
    from agreed
    inner join carriers on carriers.number = agreed.by_carrier
    left join days on days.day = agreed.pickup_day
),

planned as (
    select
        moved.* exclude (pattern),
        case when outlet_full and pattern = 'honest' then 'honest_branch_full' when carrier_rests then 'honest_holiday' else pattern end as pattern,
        case
            when pattern in ('late_shipping', 'several_numbers_on_late_order')
                then paid + promised_hours * 3600 + cast(between_dice(n, 'late', 2, 90) * 3600 as bigint)
            when pattern = 'slow_pickup' then paid + cast(between_dice(n, 'upload', 0.2, 1.5) * 3600 + between_dice(n, 'slowly', 25, 46) * 3600 as bigint)
            when pattern in ('honest_presale', 'honest_exchange') then paid - cast(between_dice(n, 'ahead', 20, 80) * 3600 as bigint)
            when pattern = 'honest_clock_skew' then paid - cast(between_dice(n, 'clock', 3, 25) * 60 as bigint)
            when pattern in ('cloned_trace', 'cloned_with_jitter') then lot_paid + cast(between_dice(trace_of, 'lot', 4, 20) * 3600 as bigint)
            else pickup
        end as leaves
    from moved
)

select
    planned.* exclude (pickup, leaves),
    leaves as planned_pickup,
    leaves + case when outlet_full or carrier_rests then 86400 else 0 end as pickup,
    case
        when pattern = 'honest_early_label' then greatest(paid + 300, leaves - cast(between_dice(n, 'label', 20, 23.4) * 3600 as bigint))
        when pattern = 'slow_pickup' then paid + cast(between_dice(n, 'upload', 0.2, 1.5) * 3600 as bigint)
        when pattern in ('honest_presale', 'honest_exchange') then leaves - cast(between_dice(n, 'label', 0.5, 6) * 3600 as bigint)
        when pattern = 'honest_clock_skew' then paid + 60
        when pattern = 'honest_late_click' then leaves + cast(between_dice(n, 'click', 1, 20) * 3600 as bigint)
        when pattern in ('cloned_trace', 'cloned_with_jitter') then paid + cast(between_dice(n, 'label', 0.1, 1.5) * 3600 as bigint)
        when pattern in ('never_handed_over', 'foreign_parcel_other_province', 'foreign_parcel_other_city', 'foreign_parcel_same_city',
            'old_trace_before_payment', 'silent_self_delivery') then paid + cast(between_dice(n, 'label', 0.5, 24) * 3600 as bigint)
        when pattern in ('late_shipping', 'several_numbers_on_late_order') then leaves - cast(between_dice(n, 'label', 0.5, 8) * 3600 as bigint)
        else greatest(paid + 300, leaves + case when carrier_rests then 86400 else 0 end - 1200 - cast(between_dice(n, 'label', 0, 9) * 3600 as bigint))
    end as declared
from planned
