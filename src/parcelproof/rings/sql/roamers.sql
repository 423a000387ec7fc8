-- One row: an actor at a shop, of actors that meet 2 to 100 shops. Who meets more is no buyer, and says nothing of any two shops.
select b, m, shops
from (
    select b, m, count(*) over (partition by b) as shops
    from (select distinct b, m from units)
)
where shops between 2 and 100
