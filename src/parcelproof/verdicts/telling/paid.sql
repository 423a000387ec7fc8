-- One row: a shipment that pays, and how much over all its offences after caps.
select shipment, sum(amount)::decimal(18,2) as amount, any_value(currency) as currency from charges group by shipment
