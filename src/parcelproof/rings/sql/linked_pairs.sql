-- One row: a key that buyers share, at a shop, for one of them, in a window.
select trades.period, ring_keys.b, trades.m, trades.c, trades.flags, trades.stratum
from trades
inner join ring_keys on ring_keys.c = trades.c and ring_keys.kind = $kind
