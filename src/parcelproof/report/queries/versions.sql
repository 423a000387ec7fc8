-- One row a policy and version: how many shipments were judged by it.
select policy, policy_version, count(*) as shipments
from verdicts
group by all
order by all
limit 40
