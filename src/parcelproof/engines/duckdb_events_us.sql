-- An event packs one scan into one sortable number, so that a trace sorts and compares as numbers. Here some scan has a
-- fraction of a second, and 128 bits hold it: microseconds since 1970 and stage above, place code and 7 bits of its site below.
create or replace temp macro event_of(event_time, stage, adcode, site) as
    ((epoch_us(event_time) * 16 + stage_code(stage))::hugeint << 27)
    + coalesce(case when length(adcode) = 6 then try_cast(adcode as bigint) end, 0) * 128
    + case when site is not null then site_bits(site) else 0 end;

create or replace temp macro event_us(event) as (event >> 31)::bigint;
create or replace temp macro event_time(event) as make_timestamp((event >> 31)::bigint);
create or replace temp macro event_stage(event) as ((event >> 27) & 15)::bigint;
create or replace temp macro event_place(event) as ((event >> 7) & 1048575)::integer;
create or replace temp macro event_gap_us(earlier, later) as ((later >> 31) - (earlier >> 31))::bigint;
-- The place and the site in one number, 0 where both are unknown: sites of one city share a number once in 128 pairs.
create or replace temp macro event_site(event) as (event & 134217727)::integer;
-- The stage, the place and the site in one number.
create or replace temp macro event_step(event) as (event & 2147483647)::bigint;
