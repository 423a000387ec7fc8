-- One row: a carrier and an hour in which its feed told of some parcel, hours since 1970, and how many events it told.
with told as (
    select carrier, epoch_us(event_time) // 3600000000 as hour, count(*) as events
    from scans
    where event_time <= $as_of and (received_at is null or received_at <= $as_of)
    group by carrier, epoch_us(event_time) // 3600000000
)

select coalesce(alias.carrier, upper(trim(told.carrier))) as carrier, told.hour, cast(sum(told.events) as bigint) as events
from told
left join carrier_aliases as alias on alias.alias = upper(trim(told.carrier))
group by coalesce(alias.carrier, upper(trim(told.carrier))), told.hour
