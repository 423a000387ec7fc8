-- One row: a distinct text as it is searched: what stands in brackets first, then "#", then the rest.
-- Words such as "bound for" speak of another place than the scan's: the text is cut there. All that is no Chinese
-- character is one blank; an address names its divisions early, so the tail is left out.
with plain as (
    select
        text,
        regexp_replace(
            case
                when regexp_matches(text, concat('[', $traditional, ']')) then translate(text, $traditional, $simplified)
                else text
            end,
            $elsewhere, ''
        ) as plain
    from place_source
    where text is not null
),

parts as (
    select
        text,
        array_to_string(regexp_extract_all(plain, '[【\[〔]([^】\]〕【\[〔]*)', 1), '|') as inside,
        regexp_replace(plain, '[【\[〔][^】\]〕]*[】\]〕]?', ' ', 'g') as outside
    from plain
)

select
    row_number() over () as id,
    text,
    left(replace(regexp_replace(concat(inside, '#', outside), '[^\x{4e00}-\x{9fa5}|#]+', ' ', 'g'), ' 县 ', ' '), 64) as searched
from parts
