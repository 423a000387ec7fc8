-- One row: a pair of a block's actor at a block's shop.
select units.*
from units
where units.b in (select b from in_actors) and units.m in (select m from in_shops)
