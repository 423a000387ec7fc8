-- One row an offence: how many strikes, against how many merchants.
select offence, count(*) as strikes, count(distinct merchant_id) as merchants
from strikes
group by all
order by all
