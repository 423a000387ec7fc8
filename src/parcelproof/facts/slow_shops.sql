-- One row: a step, and how many shops had parcels that were slow at it anywhere. Where more than ten had, carriers are known to fail at
-- times, and a slow parcel that no other was beside is in doubt; where fewer had, it is taken as it looks.
select step, count(distinct merchant_id) as shops, count(distinct merchant_id) > 10 as carriers_fail
from slow_steps
group by step
