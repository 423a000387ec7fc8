-- One row: a carrier and an hour in which its feed told of some parcel, hours since 1970.
with told as (
    select distinct carrier, epoch_us(event_time) // 3600000000 as hour
    from scans
    where event_time <= $as_of and (received_at is null or received_at <= $as_of)
)

select distinct coalesce(alias.carrier, upper(trim(told.carrier))) as carrier, told.hour
from told
left join carrier_aliases as alias on alias.alias = upper(trim(told.carrier))
