-- The gazetteer as the search reads it: `gazetteer_names`, one row a name, and `gazetteer_meanings`, one row a name's place.
-- A code is cut to what it says (33, 3301, 330106). A short county name stands alone only where a full name is spelt the
-- same; a short city name does unless it is another province's (海南). `was` is the city a county lay in
-- before it moved.
create or replace temp table gazetteer_meanings as
with rows as (
    select
        name, try_cast(level as integer) as level, kind,
        case when code like '%0000' then left(code, 2) when code like '%00' then left(code, 4) else code end as code,
        left(was, 4) as was
    from read_csv($gazetteer, all_varchar = true, header = true)
),

known as (
    select
        *,
        dense_rank() over (order by name) as name_id,
        count(*) filter (where kind in ('current', 'former', 'alias', 'town') and level = 3) over (partition by name) as full_counties,
        min(code) over (partition by name) = max(code) over (partition by name) as is_sole,
        min(case when level = 1 then code end) over (partition by name) as province
    from rows
)

select
    name_id, name, level, kind, code, was, is_sole,
    kind not in ('short', 'generic')
        or (kind = 'short' and full_counties > 0)
        or (level < 3 and (level = 1 or coalesce(starts_with(code, province), true))) as alone
from known;

create or replace temp table gazetteer_names as
select
    name_id, name, left(name, 2) as prefix, length(name) as length,
    bool_or(kind in ('current', 'former', 'filler')) as is_full,
    bool_or(level < 3) as is_wide,
    bool_or(kind = 'town') as is_town,
    bool_or(alone) as alone,
    case max(kind) when 'filler' then 'filler' when 'other' then 'other' else 'place' end as role
from gazetteer_meanings
group by name_id, name;

delete from gazetteer_meanings where code is null;
