-- The dice of the marketplace. A throw depends on the seed, on what it is for and on whom it is thrown for, and on nothing
-- else: not on the order of rows, nor on the number of threads.
create or replace temp macro dice(thrown_for, purpose) as (hash(xor(hash(thrown_for, purpose), $salt::ubigint)) >> 11) / 9007199254740992.0;

-- One of 0 .. faces - 1.
create or replace temp macro pick(thrown_for, purpose, faces) as cast(floor(dice(thrown_for, purpose) * faces) as bigint);

-- Between two values.
create or replace temp macro between_dice(thrown_for, purpose, low, high) as low + dice(thrown_for, purpose) * (high - low);

-- A standard normal value (Box and Muller).
create or replace temp macro bell(thrown_for, purpose) as
    sqrt(-2 * ln(1 - dice(thrown_for, purpose))) * cos(2 * pi() * dice(thrown_for, purpose || ' angle'));

-- Seconds, counted from the first midnight in China, as canonical time.
create or replace temp macro utc(seconds) as timestamp '$start' + to_seconds(cast(seconds as bigint) - 28800);

-- An opaque key.
create or replace temp macro key_for(kind, whom) as md5(kind || whom || '$salt');

-- The number of a parcel, scattered over twelve digits.
create or replace temp macro number_for(prefix, digits, parcel) as prefix || lpad(cast((parcel * 7919 + 1361) % 1000000000000 as varchar), cast(digits as integer), '0');

-- The next of the hours at which something leaves, each day.
create or replace temp macro next_hour(seconds, first_hour, second_hour) as
    case
        when seconds % 86400 <= first_hour * 3600 then seconds - seconds % 86400 + first_hour * 3600
        when seconds % 86400 <= second_hour * 3600 then seconds - seconds % 86400 + second_hour * 3600
        else seconds - seconds % 86400 + 86400 + first_hour * 3600
    end::bigint;

-- The name of an order.
create or replace temp macro order_name(n) as 'O' || lpad(cast(n as varchar), 9, '0');
