-- One row a table and kind of reason, quoted values left out: how many rows, with the first of them as an example.
with kinds as (
    select
        "table",
        left(regexp_replace(regexp_replace(reason, '''(?:[^'']|'''')*''', '…', 'g'), '=[^ ]+ has', '=… has', 'g'), 160) as reason,
        file,
        "row"
    from quarantine
),

grouped as (
    select "table", reason, count(*) as quarantined, arg_min(struct_pack(file := left(file, 120), "row" := "row"), (file, "row")) as example
    from kinds
    group by all
)

select "table", reason, quarantined, example.file, example."row", sum(quarantined) over () as total
from grouped
order by quarantined desc, "table", reason
limit 25
