-- An event packs one scan into one sortable number. Here some scan has a fraction of a second, and 26 decimal digits hold what
-- DuckDB keeps in 128 bits: microseconds since 1970 and stage above, place code and 7 bits of its site below.
create or replace temp macro event_of(event_time, stage, adcode, site) as cast(
    cast(unix_micros(cast(event_time as timestamp_ltz)) as decimal(16, 0)) * 2147483648
    + stage_code(stage) * 134217728
    + coalesce(case when length(adcode) = 6 then try_cast(adcode as bigint) end, 0) * 128
    + case when site is not null then site_bits(site) else 0 end
as decimal(26, 0));

create or replace temp macro event_us(event) as event div 2147483648;
create or replace temp macro event_time(event) as cast(timestamp_micros(event div 2147483648) as timestamp_ntz);
create or replace temp macro event_stage(event) as cast(event % 2147483648 as bigint) div 134217728;
create or replace temp macro event_place(event) as cast((cast(event % 2147483648 as bigint) div 128) % 1048576 as int);
create or replace temp macro event_gap_us(earlier, later) as (later div 2147483648) - (earlier div 2147483648);
create or replace temp macro event_site(event) as cast(cast(event % 2147483648 as bigint) % 134217728 as int);
create or replace temp macro event_step(event) as cast(event % 2147483648 as bigint);
