-- One row: a day on which orders are paid, its weight, and whether carriers rest.
with dated as (
    select day, cast(timestamp '$start' + to_days(cast(day as integer)) as date) as date
    from range(cast($days as bigint)) as series(day)
)

select
    dated.day,
    dated.date,
    holidays.date is not null as holiday,
    coalesce(cast(promotions.factor as double), 1.0) * (0.9 + 0.2 * dice(dated.day, 'weight of the day')) as weight
from dated
left join promotions on promotions.month_day = strftime(dated.date, '%m-%d')
left join (select cast(date as date) as date from calendar where kind = 'holiday') as holidays on holidays.date = dated.date
