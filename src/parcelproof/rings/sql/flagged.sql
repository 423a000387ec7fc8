-- One row: a flagged pair that the search may see and no earlier block has taken.
select cast(0 as integer) as draw, units.b, units.m, units.w
from units
where units.flag = 1 and not units.held and not exists (
    select 1 from taken where taken.b = units.b and taken.m = units.m
)
