-- One row an offence, measure and side: how often it is proposed, and on how many shops.
select offence, measure, side, count(*) as times, count(distinct merchant_id) as shops
from measures_of_both
group by offence, measure, side
order by offence, measure, side
