-- An event packs one scan into one sortable number. Here some scan has a fraction of a second, and 26 decimal digits hold what
-- DuckDB keeps in 128 bits, which Spark has not: microseconds since 1970 above, stage, place code and 7 bits of its site below.
-- In DuckDB's dialect, to be translated.
create or replace temp macro event_of(event_time, stage, adcode, site) as cast(
    cast(epoch_us(event_time) as decimal(16, 0)) * 2147483648
    + stage_code(stage) * 134217728
    + coalesce(case when length(adcode) = 6 then try_cast(adcode as bigint) end, 0) * 128
    + case when site is not null then site_bits(site) else 0 end
as decimal(26, 0));

create or replace temp macro event_us(event) as event // 2147483648;
create or replace temp macro event_time(event) as make_timestamp(event // 2147483648);
create or replace temp macro event_stage(event) as cast(event % 2147483648 as bigint) // 134217728;
create or replace temp macro event_place(event) as cast((cast(event % 2147483648 as bigint) // 128) % 1048576 as integer);
create or replace temp macro event_gap_us(earlier, later) as (later // 2147483648) - (earlier // 2147483648);
create or replace temp macro event_site(event) as cast(cast(event % 2147483648 as bigint) % 134217728 as integer);
create or replace temp macro event_step(event) as cast(event % 2147483648 as bigint);
