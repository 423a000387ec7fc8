-- The words that compare place codes. A word answers null where a code is missing, malformed or too coarse to tell, so that
-- "province" always means: same province, and the cities are known to differ. Codes as they should be go a short way. Others
-- are put in form first, once, inside a list of one struct: an engine writes a word's text out at each use.

-- Six digits as they should be: the common case, told apart first because it is cheap.
create or replace temp macro is_plain(code) as length(code) = 6 and code between '110000' and '829999' and try_cast(code as integer) is not null;

-- A code in one form: six digits of GB/T 2260 padded with 00, or a country (ISO 3166) and its postal code. Hong Kong, Macau
-- and Taiwan have both kinds of code. Nine and twelve digits are the statistics bureau's longer codes.
create or replace temp macro neat_code(code) as case
    when regexp_full_match(code, '(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)([0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10})?')
        then rpad(left(code, 6), 6, '0')
    when regexp_full_match(code, 'HK(-.*)?') then '810000'
    when regexp_full_match(code, 'MO(-.*)?') then '820000'
    when regexp_full_match(code, 'TW(-.*)?') then '710000'
    when regexp_full_match(code, '[A-Z]{2} *(-.*)?') then concat(left(code, 2), '-', regexp_replace(substr(code, 3), '[^A-Z0-9]', '', 'g'))
end;
create or replace temp macro place_code(code) as case when is_plain(code) then code else neat_code(upper(trim(code))) end;

create or replace temp macro is_chinese(code) as left(code, 1) between '1' and '8';

-- The part of a Chinese code that says the city: a municipality is one city, a county under a province is its own.
create or replace temp macro chinese_city(code) as case
    when left(code, 2) in ('11', '12', '31', '50', '81', '82') then left(code, 2)
    when substr(code, 3, 2) = '00' then null
    when substr(code, 3, 2) <> '90' then left(code, 4)
    when right(code, 2) <> '00' then code
end;

-- A code that ended agrees with what followed it, and with the city that this lies in. The lists are single texts, which an
-- engine searches in place, and slowly: `may_have_ended` keeps almost all current codes from that by one bit each.
create or replace temp macro may_have_ended(code) as get_bit($ended_bits, cast(code as integer) % $bits) = 1;
create or replace temp macro succession_level(a, b, city_a, city_b) as case
    when contains($followed, concat(a, b)) or contains($followed, concat(b, a)) then 'district'
    when city_a = city_b or contains($moved, concat(a, '>', city_b, '|')) or contains($moved, concat(b, '>', city_a, '|')) then 'city'
    when left(a, 2) <> left(b, 2) then 'country'
    when city_a <> city_b then 'province'
end;

create or replace temp macro chinese_level(a, b) as case
    when a = b and right(a, 2) <> '00' then 'district'
    when may_have_ended(a) or may_have_ended(b) then succession_level(a, b, chinese_city(a), chinese_city(b))
    when chinese_city(a) = chinese_city(b) then 'city'
    when left(a, 2) <> left(b, 2) then 'country'
    when chinese_city(a) <> chinese_city(b) then 'province'
end;

-- Abroad the first character of a numeric postal code is a region of the country, and its first three a city or a part of
-- one: New York has 100 to 104 and 110 to 116, so other threes of one region say nothing.
create or replace temp macro foreign_level(a, b) as case
    when left(a, 2) <> left(b, 2) then 'none'
    when left(a, 2) in ($city_states) then case when a = b and length(a) > 3 then 'district' else 'city' end
    when length(a) < 4 or length(b) < 4 then null
    when a = b then 'district'
    when left(a, 6) = left(b, 6) then 'city'
    when substr(a, 4, 1) <> substr(b, 4, 1) and regexp_full_match(concat(substr(a, 4), substr(b, 4)), '[0-9]+') then 'country'
end;

-- The finest level at which two places agree: district, city, province, country or none.
create or replace temp macro place_level(a, b) as case
    when a = b and is_plain(a) and right(a, 2) <> '00' then 'district'
    when is_plain(a) and is_plain(b) then chinese_level(a, b)
    when a is not null and b is not null then list_transform(
        [{'a': place_code(a), 'b': place_code(b)}],
        lambda p: case
            when is_chinese(p.a) and is_chinese(p.b) then chinese_level(p.a, p.b)
            when not is_chinese(p.a) and not is_chinese(p.b) then foreign_level(p.a, p.b)
            when 'CN' in (left(p.a, 2), left(p.b, 2)) then null
            when p.a is not null and p.b is not null then 'none'
        end
    )[1]
end;

-- A key that is equal for places of one city. Null where the city is unknown, where it went to several, or abroad.
create or replace temp macro city_of(code) as case
    when not is_chinese(code) then case when left(code, 2) in ($city_states) then left(code, 2) end
    when may_have_ended(code) then case
        when contains($moved, concat(code, '>'))
            then nullif(split_part(substr($moved_city, strpos($moved_city, concat(code, '>')) + 7, 7), '|', 1), '')
        else chinese_city(code)
    end
    else chinese_city(code)
end;
create or replace temp macro place_city(code) as case
    when is_plain(code) then city_of(code)
    when code is not null then list_transform([place_code(code)], lambda neat: city_of(neat))[1]
end;

-- The two digits of a province; null abroad.
create or replace temp macro place_province(code) as case
    when is_plain(code) then left(code, 2)
    when is_chinese(place_code(code)) then left(place_code(code), 2)
end;

-- The finer of two levels: a parcel may agree with the one place or the other. Unknown unless one of them agrees on the city.
create or replace temp macro finest_level(a, b) as list_transform(
    [{'a': a, 'b': b}],
    lambda p: case
        when p.a = 'district' or p.b = 'district' then 'district'
        when p.a = 'city' or p.b = 'city' then 'city'
        when p.a is null or p.b is null then null
        when p.a = 'province' or p.b = 'province' then 'province'
        when p.a = 'country' or p.b = 'country' then 'country'
        else 'none'
    end
)[1];
