-- One row: a way in which a number stands in the feed, where it is not the number's normal form, and what it means.
with names as (
    select
        written.carrier as written_carrier,
        written.waybill_no,
        coalesce(alias.carrier, upper(trim(written.carrier))) as carrier,
        number_of(written.waybill_no) as number
    from written_traces as written
    left join carrier_aliases as alias on alias.alias = upper(trim(written.carrier))
)

select *
from names
where written_carrier <> carrier or waybill_no <> number
