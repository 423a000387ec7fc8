-- One row a ring, shop and account, of the $buyers accounts with most orders: accounts are numbered, and not named.
with numbered as (
    select ring_id, buyer_id, row_number() over (partition by ring_id order by count(distinct merchant_id) desc, count(*) desc, buyer_id) - 1 as place
    from ring_orders
    where ring_id in ($rings)
    group by ring_id, buyer_id
)

select trades.ring_id, trades.merchant_id, numbered.place, bool_or(trades.flagged) as flagged
from ring_orders as trades
inner join numbered on numbered.ring_id = trades.ring_id and numbered.buyer_id = trades.buyer_id
where numbered.place < $buyers
group by all
order by all
