-- One row: a step, and how many shops had parcels that were slow at it anywhere. Where many had, carriers are known to fail at times,
-- and a slow parcel that no other was beside is in doubt; where few had, it is taken as it looks.
select step, count(distinct merchant_id) as shops
from slow_steps
group by step
