-- One row: a sender at a shop for a buyer in a window.
select period, b, m, c, bit_or(flags) as flags, max(stratum) as stratum
from sent_orders
group by period, b, m, c
