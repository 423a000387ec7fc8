-- One row: a text, its candidates, and the finest code that holds them all. Of a text's runs one in the first bracket is
-- read before one outside, one with the full name of a province or a city before others, then the first, or a later one
-- that says the same more finely; of the rest the one with most full names, most names, or the first.
with found as (
    select id, run, max(k) as k, list_sort(list(distinct code)) as codes
    from place_readings
    group by id, run
),

weighed as (
    select
        found.id, found.run,
        any_value(found.codes) as codes,
        min(runs.bracket) as bracket,
        bool_or(runs.is_full and runs.is_wide) as is_anchored,
        count(*) filter (where runs.is_full) as full_names,
        count(*) as names,
        min(runs.position) as position,
        arg_min(runs.opens, runs.position) as opens
    from found
    inner join place_runs as runs on runs.id = found.id and runs.run = found.run and runs.k <= found.k
    group by found.id, found.run
),

agreed as (
    select
        *,
        case
            when codes[1] = codes[-1] then codes[1]
            when left(codes[1], 4) = left(codes[-1], 4) and substr(codes[1], 3, 2) <> '90' then left(codes[1], 4)
            when left(codes[1], 2) = left(codes[-1], 2) then left(codes[1], 2)
        end as code
    from weighed
    where opens or names > 1
),

led as (
    select
        *,
        first_value(code) over (
            partition by id order by bracket, is_anchored desc, if(is_anchored, 0, -full_names), if(is_anchored, 0, -names), position
        ) as first_code
    from agreed
),

chosen as (
    select id, code, codes
    from led
    qualify row_number() over (
        partition by id
        order by bracket, is_anchored desc, coalesce(starts_with(code, first_code), false) desc, full_names desc, names desc, position
    ) = 1
)

select
    searched.text,
    case
        when left(chosen.code, 2) in ('11', '12', '31', '50') and length(chosen.code) = 4 then concat(left(chosen.code, 2), '0000')
        else rpad(chosen.code, 6, '0')
    end as adcode,
    coalesce(list_transform(chosen.codes, lambda code: rpad(code, 6, '0')), []) as candidates,
    coalesce(length(chosen.codes), 0) as n
from place_searched as searched
left join chosen on chosen.id = searched.id
