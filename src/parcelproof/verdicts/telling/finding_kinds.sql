-- One row: a kind of finding, and what it says of any shipment. What some say of theirs alone stands in `told`.
select words.indicator, words.offence, words.clause, found.answer::tinyint as answer, texts.evidence
from (select distinct kind, place, answer, bits from pattern_findings) as found
inner join check_words as words on words.place = found.place
left join unknown_texts as texts on texts.bits = found.bits
order by found.kind
