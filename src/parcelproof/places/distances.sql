-- One row: two cities, as the first four digits of their codes, and the least great-circle distance in km that a parcel
-- between them has covered: the distance of their seats, less how far each city's counties reach from its seat. A
-- municipality's codes count as one city; a pair that may touch has no row.
with cities as (
    select
        unnest(case when left(code, 2) in ('11', '12', '31', '50') then [0, 1, 2] else [0] end) + cast(left(code, 4) as integer) as city,
        left(code, 2) as province,
        radians(cast(longitude as double)) as x,
        radians(cast(latitude as double)) as y,
        cast(radius_km as double) as radius_km
    from read_csv($coordinates, all_varchar = true, header = true)
),

pairs as (
    select
        a.city as city_a,
        b.city as city_b,
        12742.0 * asin(sqrt(least(1.0, pow(sin((a.y - b.y) / 2), 2) + cos(a.y) * cos(b.y) * pow(sin((a.x - b.x) / 2), 2))))
            - a.radius_km - b.radius_km as km
    from cities as a
    cross join cities as b
    where a.city <> b.city
)

select city_a, city_b, cast(floor(km) as integer) as km
from pairs
where km >= 1
