-- One row: a pattern with findings, and the kinds of these, in the order of the checks.
select pattern, list(kind::integer order by place) as kinds
from pattern_findings
group by pattern
