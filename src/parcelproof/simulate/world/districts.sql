-- One row: a district of today, or a city without any, its city, its names, and the people it stands for.
with today as (
    select code, min(name) as name
    from gazetteer
    where kind = 'current'
    group by code
),

placed as (
    select
        cast(today.code as bigint) as district,
        today.name,
        cast(case when left(today.code, 2) in ('11', '12', '31', '50') then left(today.code, 2) || '0000' else left(today.code, 4) || '00' end as bigint) as city,
        left(today.code, 2) as province
    from today
    where right(today.code, 2) <> '00' or right(today.code, 4) <> '0000' and today.code not in (
        select left(code, 4) || '00' from today where right(code, 2) <> '00'
    )
),

former as (
    select code, min(name) as name
    from gazetteer
    where kind = 'former' and level = '3' and length(name) > 2 and left(until, 4) >= '2010'
    group by code
    having count(*) = 1
)

select
    placed.*,
    row_number() over (partition by placed.province order by placed.district) - 1 as number_in_province,
    count(*) over (partition by placed.province) as districts_in_province,
    row_number() over (partition by placed.city order by placed.district) - 1 as number_in_city,
    count(*) over (partition by placed.city) as districts_in_city,
    cast(provinces.people_10k as double) / count(*) over (partition by placed.province) as people_10k,
    case when city_names.code = province_names.code then province_names.name else province_names.name || city_names.name end as city_name,
    former.name as former_name
from placed
inner join provinces on provinces.province = placed.province
inner join coordinates on coordinates.code = cast(placed.city as varchar)
inner join today as province_names on province_names.code = placed.province || '0000'
inner join today as city_names on city_names.code = cast(placed.city as varchar)
left join former on former.code = cast(placed.district as varchar)
