-- One row: the carrier's record of a parcel. A label can be unseen or masked; a stranger's names a stranger; one of a gift
-- or of a changed address names who gets it.
with weighed as (
    select
        seen.id, seen.parcel, seen.part, seen.n, seen.story, seen.carrier_no, seen.carrier, seen.labelled, seen.collected, seen.sender_name,
        seen.origin, seen.outlet,
        case when seen.story in ('honest_neighbour_branch', 'honest_pickup_point') then sold.destination else seen.destination end as destination,
        sold.buyer, sold.sender_no, sold.shop,
        case
            when seen.story = 'honest_default_weight' then 500 + 500 * pick(seen.id, 'default', 2)
            when seen.story = 'gift_parcel_network' then 28 + pick(sold.shop % $gift_senders, 'gift', 20) + pick(seen.id, 'gift', 4)
            when seen.story = 'own_accounts' or seen.story = 'brushing_ring' and dice(seen.id, 'tiny') < 0.6 then 40 + pick(seen.id, 'tiny g', 60)
            when seen.story in ('empty_parcel', 'signed_for_nobody') then 35 + pick(seen.id, 'empty g', 50)
            when seen.story = 'wrong_item' then 60 + pick(seen.id, 'wrong g', 500)
            when seen.part in ('stranger', 'earlier') then cast(350 * exp(0.8 * bell(seen.id, 'stranger g')) as bigint)
            else cast(
                sold.piece_g * sold.quantity
                * case seen.story when 'short_parcel' then 0.4 when 'honest_split' then 0.5 when 'honest_volumetric_weight' then 3 else 1 end
                * (1 + 0.03 * bell(seen.id, 'scale')) + 25 + pick(seen.id, 'wrapping', 90) as bigint)
        end as weight_g
    from seen
    inner join sold on sold.n = seen.n
    where seen.part <> 'earlier'
)

select
    weighed.carrier,
    number_for(carriers.prefix, carriers.digits, weighed.parcel) as waybill_no,
    utc(labelled) as created_at,
    case story
        when 'gift_parcel_network' then key_for('sender', 'g' || shop % $gift_senders)
        else key_for('sender', sender_name)
    end as sender_key,
    cast(origin as varchar) as sender_adcode,
    weighed.carrier || '-' || origin || '-' || outlet as sender_outlet,
    case
        when story = 'honest_masked_label' or dice(id, 'label seen') >= $label_seen then null
        when part = 'stranger' then key_for('r', 'stranger' || id)
        when story in ('honest_gift', 'honest_remote_hub') or story = 'honest_address_changed' and dice(n, 'same recipient') < 0.4 then key_for('r', 'other' || n)
        else key_for('r', buyer)
    end as recipient_key,
    case
        when dice(id, 'label seen') >= $label_seen then null
        when story = 'honest_masked_label' then key_for('p', 'privacy' || id)
        when part = 'stranger' then key_for('p', 'stranger' || id)
        when story in ('honest_gift', 'honest_remote_hub') or story = 'honest_address_changed' and dice(n, 'same recipient') < 0.4 then key_for('p', 'other' || n)
        else key_for('p', buyer)
    end as phone_key,
    case when dice(id, 'label seen') < $label_seen then cast(destination as varchar) end as adcode,
    case when dice(id, 'weighed') >= $no_weight then weight_g end as weight_g,
    case when dice(id, 'weighed') >= $no_weight then utc(collected + 1800) end as weighed_at
from weighed
inner join carriers on carriers.number = weighed.carrier_no
order by carrier, waybill_no
