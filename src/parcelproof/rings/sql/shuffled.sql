-- One row: a pair that a shuffle flags; `draw` says which shuffle. Flags move within their stratum over the fixed pairs, so
-- that whatever is dense without them is as dense in every shuffle.
select draws.draw, units.b, units.m, units.w
from units
cross join draws
where not units.held
    and (cast(units.base + draws.shift as bigint) * cast(units.base + draws.shift as bigint)) % 2147483647 < units.bar
