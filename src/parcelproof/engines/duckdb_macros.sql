-- The words of the fact models that each engine has to say in its own way. What an event is stands in a file of its own.

create or replace temp macro stage_code(stage) as list_position(
    ['created', 'collected', 'hub_in', 'hub_out', 'outlet_in', 'out_for_delivery', 'pickup_ready', 'delivered',
     'attempt_failed', 'recalled', 'returning', 'returned', 'exception', 'customs', 'other'], stage) - 1;

create or replace temp macro stage_name(code) as
    ['created', 'collected', 'hub_in', 'hub_out', 'outlet_in', 'out_for_delivery', 'pickup_ready', 'delivered',
     'attempt_failed', 'recalled', 'returning', 'returned', 'exception', 'customs', 'other'][code + 1];

-- Somebody at the carrier had the parcel in hand: all stages but created, recalled, exception and other.
create or replace temp macro is_handled(code) as code between 1 and 8 or code in (10, 11, 13);

create or replace temp macro collect_events(event) as list(event);
create or replace temp macro sort_events(events) as list_sort(events);
-- Of a list in strictly rising order, all of it; of any other, fewer.
create or replace temp macro rising(events) as list_filter(events, lambda e, i: i = 1 or e > events[i - 1]);
create or replace temp macro once_each(events) as list_filter(events, lambda e, i: i = 1 or e <> events[i - 1]);

-- Seven bits of a site, which tell scans of one moment apart.
create or replace temp macro site_bits(site) as (hash(site) & 127)::bigint;

-- The place of the first such element, from 1; null where there is none.
create or replace temp macro place_of(elements, element) as nullif(list_position(elements, element), 0);

create or replace temp macro hours_between(earlier, later) as epoch_us(later - earlier) / 3600000000.0;
create or replace temp macro minutes_between(earlier, later) as epoch_us(later - earlier) / 60000000.0;

-- An unknown number stays unknown: `greatest` would make it 0.
create or replace temp macro at_least_0(number) as case when number < 0 then 0.0 else number end;

-- A wait of which the least and the most is known, as hours: the least where every rule of one or two days gives the same answer.
create or replace temp macro hours_if_sure(least_hours, most_hours) as
    case when least_hours > 48 or most_hours <= 24 then at_least_0(least_hours) end;

create or replace temp macro paused_hours(from_at, to_at, starts_at, ends_at, extra_hours) as
    case
        when from_at is null or to_at is null or starts_at >= to_at or ends_at <= from_at then 0.0
        else greatest(hours_between(greatest(from_at, starts_at), least(to_at, ends_at)), extra_hours)
    end;

create or replace temp macro hours(number) as to_microseconds(cast(number * 3600000000 as bigint));
create or replace temp macro minutes(number) as to_microseconds(cast(number * cast(60000000 as bigint) as bigint));

-- What a carrier's scale writes where nobody weighed the parcel, in grams.
create or replace temp macro is_default_weight(weight_g) as weight_g in (0, 100, 500, 1000);

-- What lies at a site, or left it: one number for a site, a stage, and, on the road, the province that it is bound for. A departure that is
-- followed by another scan of the same site was none.
create or replace temp macro stay_of(site, stage, next_site, adcode) as
    cast(site as bigint) * 1600
    + case
        when stage <> 3 then stage * 100
        when next_site = site then 200
        else 300 + coalesce(try_cast(place_province(adcode) as integer), 0)
    end;

-- Salted keys are compared and never shown: a number of 64 bits stands for one.
create or replace temp macro key_of(text) as case when text is not null then hash(text) end;

-- A carrier and a number, told apart by 64 bits: of a thousand million numbers some two are the same once in forty runs.
create or replace temp macro trace_key(carrier, number) as case when number is not null then hash(carrier, number) end;

-- The ends of Wilson's interval for a share, at 95 in 100; null where there is nothing to count.
create or replace temp macro share_low(hits, n) as case when n > 0 then
    greatest((hits + 1.9207 - 1.96 * sqrt(hits * (n - hits) / n + 0.9604)) / (n + 3.8416), 0.0) end;
create or replace temp macro share_high(hits, n) as case when n > 0 then
    least((hits + 1.9207 + 1.96 * sqrt(hits * (n - hits) / n + 0.9604)) / (n + 3.8416), 1.0) end;
