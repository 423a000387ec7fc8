-- One row: a buyer at a shop, of buyers that meet 2 to 100 shops. Who meets more is no buyer, and says nothing of any two shops.
select b, m, stratum, shops
from (
    select b, m, stratum, count(*) over (partition by b) as shops
    from trades
    where period = $period
)
where shops between 2 and 100
