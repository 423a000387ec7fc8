-- One row: a buyer at a shop in a window, however often they traded, and the weak facts that any of it carries.
select period, c as b, m, c, bit_or(flags) as flags, max(stratum) as stratum
from windowed_orders
group by period, c, m
