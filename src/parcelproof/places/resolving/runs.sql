-- One row: a name that counts, with the run of adjacent names it stands in and its place `k` in that run.
-- A name inside a longer one falls; of two that overlap the first stands, unless they share the 市 of 济南市中区
-- or the 省 of 湖北省直辖县.
-- A short name before a street word is a street's (南京路), and one at the head of a run must begin something.
with outer_hits as (
    select
        id, position, longest // 65536 as length, longest % 65536 as name_id,
        position + longest // 65536 - 1 as ending,
        coalesce(
            max(position + longest // 65536 - 1) over (
                partition by id order by position rows between unbounded preceding and 1 preceding
            ),
            0
        ) as reached
    from place_hits
    qualify ending > reached
),

chains as (
    select
        outer_hits.id, outer_hits.position, outer_hits.length, outer_hits.ending, outer_hits.name_id, searched.searched,
        names.is_full, names.is_wide, names.role,
        names.alone and (not names.is_town or regexp_matches(substr(searched.searched, outer_hits.ending + 1, 2), $site)) as alone,
        count(*) filter (where position > reached) over (partition by outer_hits.id order by position) as chain
    from outer_hits
    inner join gazetteer_names as names on names.name_id = outer_hits.name_id
    inner join place_searched as searched on searched.id = outer_hits.id
),

standing as (
    select
        *,
        row_number() over (partition by id, chain order by position) % 2 = 1
            or role = 'filler' or (length > 2 and substr(searched, position, 1) = '市') as stands,
        coalesce(lead(position) over (partition by id order by position), 0) as next_position
    from chains
),

named as (
    select *
    from standing
    where stands and role <> 'other'
        and (
            is_full or next_position = ending + 1
            or not regexp_matches(substr(searched, ending + 1, 4), $street)
        )
),

breaks as (
    select
        *,
        coalesce(
            trim(replace(
                substr(
                    searched,
                    lag(ending) over (partition by id order by position) + 1,
                    greatest(position - lag(ending) over (partition by id order by position) - 1, 0)
                ),
                '|', ' '
            )) <> '',
            true
        ) as begins
    from named
),

runs as (
    select
        *,
        count(*) filter (where begins) over (partition by id order by position) as run,
        (is_full and is_wide) or not begins or position = 1 or regexp_matches(substr(searched, position - 1, 1), $opening) as opens
    from breaks
),

headed as (
    select *, row_number() over (partition by id, run order by position) as place_in_run
    from runs
    where role = 'place'
)

select
    id, run, name_id, position, is_full, is_wide, opens,
    row_number() over (partition by id, run order by position) as k,
    case
        when position > strpos(searched, '#') then 1000
        else position - length(replace(left(searched, position), '|', ''))
    end as bracket
from headed
where alone or place_in_run > 1
