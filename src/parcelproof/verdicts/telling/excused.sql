-- One row: a shipment with excuses, each as `indicator:excuse`, in the order of its checks.
select told.shipment, list(concat(words.indicator, ':', told.excuse) order by told.place) as excused
from told
inner join check_words as words on words.place = told.place
where told.excuse is not null
group by told.shipment
