-- One row: a carrier of which more than ten shops' parcels, and one in a thousand, left their province without a scan of a sorting centre in
-- it and arrived all the same. There a parcel that nobody told of since its pickup may be on its way. Parcels within a province tell nothing.
select carrier
from shipments
where delivered_at is not null and pickup_scanned and hub_code > 0 and first_code // 10000 <> try_cast(place_province(adcode) as integer)
group by carrier
having
    count(distinct merchant_id) filter (where hub_code // 10000 <> first_code // 10000) > 10
    and count(*) filter (where hub_code // 10000 <> first_code // 10000) >= 0.001 * count(*)
