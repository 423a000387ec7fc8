-- One row a fact and indicator: on how many shipments the indicator is unknown while that fact is.
select missing.fact, words.indicator, sum(missing.shipments)::bigint as findings
from (
    select found.place, found.shipments, unnest(texts.facts) as fact
    from pattern_findings as found
    inner join unknown_texts as texts on texts.bits = found.bits
) as missing
inner join check_words as words on words.place = missing.place
group by all
