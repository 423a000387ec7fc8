-- One row: a draw, the weight of what is left of it, and the number of its actors and shops.
select draw, actors.w, actors.n + shops.n as n
from (select draw, cast(sum(w) as bigint) as w, count(*) as n from actor_keys group by draw) as actors
inner join (select draw, count(*) as n from shop_keys group by draw) as shops using (draw)
