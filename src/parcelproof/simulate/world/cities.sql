-- One row: a city, where it lies, its nearest neighbour in the province, and the city whose hub sorts for it.
with known as (
    select distinct
        districts.city,
        districts.province,
        districts.city_name,
        radians(cast(coordinates.longitude as double)) as x,
        radians(cast(coordinates.latitude as double)) as y,
        min(districts.city) over (partition by districts.province) as capital
    from districts
    inner join coordinates on coordinates.code = cast(districts.city as varchar)
),

neighbours as (
    select a.city, arg_min(b.city, pow(a.x - b.x, 2) + pow(a.y - b.y, 2)) as neighbour
    from known as a
    inner join known as b on b.province = a.province and b.city <> a.city
    group by a.city
)

select known.*, neighbours.neighbour, case when dice(known.city, 'has a hub') < 0.3 then known.city else known.capital end as hub
from known
left join neighbours using (city)
