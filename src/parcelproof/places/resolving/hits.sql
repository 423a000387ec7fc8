-- One row: the longest name that starts at one position of a text.
with positions as (
    select id, searched, unnest(range(1, length(searched))) as position
    from place_searched
)

select positions.id, positions.position, max(names.length * 65536 + names.name_id) as longest
from positions
inner join gazetteer_names as names
    on names.prefix = substr(positions.searched, positions.position, 2)
    and names.name = substr(positions.searched, positions.position, names.length)
group by positions.id, positions.position
