-- One row: the carrier's own record of a number, known by then. A weight counts from when it was measured.
-- Of several texts that mean one number the latest label counts.
with normal as (
    select
        coalesce(alias.carrier, upper(trim(parcels.carrier))) as carrier,
        number_of(parcels.waybill_no) as number,
        parcels.carrier as written_carrier,
        parcels.waybill_no as written_no,
        parcels.created_at,
        parcels.sender_key,
        parcels.sender_adcode,
        parcels.sender_outlet,
        parcels.recipient_key,
        parcels.phone_key,
        parcels.adcode,
        case when parcels.weighed_at is null or parcels.weighed_at <= $as_of then parcels.weight_g end as weight_g
    from parcels
    left join carrier_aliases as alias on alias.alias = upper(trim(parcels.carrier))
    where parcels.created_at is null or parcels.created_at <= $as_of
),

several as (
    select distinct carrier, number
    from normal
    where carrier <> written_carrier or number <> written_no
),

latest as (
    select normal.*
    from normal
    semi join several on several.carrier = normal.carrier and several.number = normal.number
    qualify row_number() over (
        partition by normal.carrier, normal.number order by normal.created_at desc nulls last, normal.written_carrier, normal.written_no
    ) = 1
)

select normal.*
from normal
anti join several on several.carrier = normal.carrier and several.number = normal.number
union all
select * from latest
