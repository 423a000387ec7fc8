-- One row: a run of names and a place it can mean. A meaning is admitted where every name before it in the run holds it
-- (浙江 杭州 西湖区) or held it once (四平 公主岭市), or, at the head, where the name may stand alone. The last name with an admitted meaning is read;
-- what follows it is streets. A city's or a full name right behind a coarser reading that it contradicts is a doubt, save in the
-- cities without districts, whose towns call themselves so (东莞市东城区).
with meant as (
    select places.id, places.run, places.k, places.is_full, meanings.code, meanings.was, meanings.level, meanings.alone, meanings.is_sole
    from place_runs as places
    inner join gazetteer_meanings as meanings on meanings.name_id = places.name_id
),

held as (
    select
        later.id, later.run, later.k, later.code, later.was, later.alone,
        count(distinct earlier.k) as holders,
        count(distinct earlier.k) filter (where earlier.code <> later.code) as above
    from meant as later
    left join meant as earlier
        on earlier.id = later.id and earlier.run = later.run and earlier.k < later.k
        and (starts_with(later.code, earlier.code) or starts_with(later.was, earlier.code))
    group by later.id, later.run, later.k, later.code, later.was, later.alone
),

admitted as (
    select id, run, k, code, above
    from held
    where holders = k - 1 and (above > 0 or alone)
    qualify k = max(k) over (partition by id, run)
),

finest as (
    select id, run, k, code
    from admitted
    qualify above = max(above) over (partition by id, run)
),

doubts as (
    select finest.id, finest.run, finest.k, meant.code
    from finest
    inner join meant on meant.id = finest.id and meant.run = finest.run and meant.k = finest.k + 1
    where meant.level < 3 or (meant.is_full and meant.is_sole)
    group by finest.id, finest.run, finest.k, meant.code
    having max(length(finest.code)) < 6
        and not bool_or(finest.code in ('4419', '4420', '4604', '6202'))
        and not bool_or(starts_with(finest.code, meant.code))
)

select id, run, k, code
from finest
union all
select id, run, k, code
from doubts
