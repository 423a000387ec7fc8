-- The words that Spark has to say in its own way, in its own dialect. All others are DuckDB's, translated.

-- Moments without a zone are not numbers to Spark: they are read as UTC's, and counted in microseconds.
create or replace temp macro hours_between(earlier, later) as
    cast(unix_micros(cast(later as timestamp_ltz)) - unix_micros(cast(earlier as timestamp_ltz)) as double) / 3600000000D;
create or replace temp macro minutes_between(earlier, later) as
    cast(unix_micros(cast(later as timestamp_ltz)) - unix_micros(cast(earlier as timestamp_ltz)) as double) / 60000000D;
create or replace temp macro hours(number) as make_dt_interval(0, 0, 0, cast(cast(rint(number * 3600000000) as bigint) as decimal(18, 0)) * 0.000001);
create or replace temp macro minutes(number) as make_dt_interval(0, 0, 0, cast(cast(rint(number * 60000000) as bigint) as decimal(18, 0)) * 0.000001);

-- Other numbers than DuckDB's: they are compared, and written nowhere.
create or replace temp macro key_of(text) as case when text is not null then xxhash64(text) end;
create or replace temp macro trace_key(carrier, number) as case when number is not null then xxhash64(carrier, number) end;
