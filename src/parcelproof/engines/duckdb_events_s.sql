-- An event packs one scan into one sortable number, so that a trace sorts and compares as numbers. Here the feed ticks in
-- seconds, and 64 bits hold it: seconds since 2000 (32 bits), stage (4), place code (20), and 7 bits of its site, which tell
-- scans of one moment apart.
create or replace temp macro event_of(event_time, stage, adcode, site) as
    (epoch_us(event_time) // 1000000 - 946684800) * 2147483648
    + stage_code(stage) * 134217728
    + coalesce(case when length(adcode) = 6 then try_cast(adcode as bigint) end, 0) * 128
    + case when site is not null then site_bits(site) else 0 end;

create or replace temp macro event_us(event) as ((event >> 31) + 946684800) * 1000000;
create or replace temp macro event_time(event) as make_timestamp(((event >> 31) + 946684800) * 1000000);
create or replace temp macro event_stage(event) as (event >> 27) & 15;
create or replace temp macro event_place(event) as ((event >> 7) & 1048575)::integer;
create or replace temp macro event_gap_us(earlier, later) as ((later >> 31) - (earlier >> 31)) * 1000000;
-- The place and the site in one number, 0 where both are unknown: sites of one city share a number once in 128 pairs.
create or replace temp macro event_site(event) as (event & 134217727)::integer;
-- The stage, the place and the site in one number.
create or replace temp macro event_step(event) as (event & 2147483647)::bigint;
