"""Compare place codes at the finest level that both sides know."""

from __future__ import annotations

from functools import cache
from string import Template
from typing import TYPE_CHECKING

from parcelproof.engines.duckdb import literals, quoted
from parcelproof.places.lists import HERE, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parcelproof.engines.verbs import Verbs

LEVELS = ("district", "city", "province", "country", "none")
"""From the finest on."""
ONE_CITY_PROVINCES = frozenset({"11", "12", "31", "50", "81", "82"})
"""Beijing, Tianjin, Shanghai, Chongqing, Hong Kong and Macau."""
BITS = 32749
"""Prime, and so large that two current codes in a hundred share its remainder with an ended one."""
CITY_STATES = ("SG", "MC", "VA", "GI")


def level_sql(a: str, b: str) -> str:
    """The finest level at which two codes agree, as SQL over two expressions; needs `define` to have run.

    One of `LEVELS`, or null where a code is missing, malformed or too coarse to tell. A level coarser than `city` says that
    the two are known to differ one level below.
    """
    return f"place_level({a}, {b})"


def city_sql(code: str) -> str:
    """A key that is equal for codes of one city, as SQL; null where the city is not known or lies abroad."""
    return f"place_city({code})"


def province_sql(code: str) -> str:
    """The two digits of a code's province, as SQL; null abroad."""
    return f"place_province({code})"


def define(engine: Verbs) -> None:
    """Define the words of `compare.sql`, the view `city_distances` (`city_a`, `city_b`, `km`) and the view `consolidation_hubs` (`city`)."""
    engine.define(_words(), apart={"place_level": 2, "place_city": 1})
    engine.lay("consolidation_hubs", f"select city from read_csv({quoted(str(HERE / 'consolidation_hubs.csv'))}, all_varchar = true)")
    distances = (HERE / "distances.sql").read_text(encoding="utf-8")
    engine.lay("city_distances", Template(distances).substitute(coordinates=quoted(HERE / "coordinates.csv")))


@cache
def _words() -> str:
    """`compare.sql` with its lists filled in."""
    known = pairs("successors.csv")
    moved = sorted({(code, city) for code, after in known if (city := _city(after)) and city != _city(code)})
    cities = {code: [city for other, city in moved if other == code] for code, _ in moved}
    values = {
        "ended_bits": f"{quoted(_bits({int(code) for code, _ in known}))}::bit",
        "bits": str(BITS),
        "followed": _packed(code + after for code, after in known if not after.endswith("00")),
        "moved": _packed(f"{code}>{city}" for code, city in moved),
        "moved_city": _packed(f"{code}>{found[0] if len(found) == 1 else ''}" for code, found in cities.items()),
        "city_states": literals(CITY_STATES),
    }
    return Template((HERE / "compare.sql").read_text(encoding="utf-8")).substitute(values)


def _bits(codes: set[int]) -> str:
    """One character for each remainder of a code: 1 where some of the codes leave it."""
    left = {code % BITS for code in codes}
    return "".join("1" if remainder in left else "0" for remainder in range(BITS))


def _packed(words: Iterable[str]) -> str:
    """A literal that holds each word between bars."""
    return quoted(f"|{'|'.join(words)}|")


def _city(code: str) -> str | None:
    if code[:2] in ONE_CITY_PROVINCES:
        return code[:2]
    if code[2:4] == "00":
        return None
    if code[2:4] == "90":
        return None if code.endswith("00") else code
    return code[:4]
