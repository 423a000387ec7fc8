-- One row: a pair that is left after one round. Who weighs no more than the mean goes; twice the density is the mean, for
-- each pair counts for its actor and for its shop.
select live.draw, live.b, live.m, live.w
from $live as live
inner join densities on densities.draw = live.draw
inner join actor_keys on actor_keys.draw = live.draw and actor_keys.b = live.b and actor_keys.w * densities.n > 2 * densities.w
inner join shop_keys on shop_keys.draw = live.draw and shop_keys.m = live.m and shop_keys.w * densities.n > 2 * densities.w
