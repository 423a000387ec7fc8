"""Place codes: texts to codes with their doubt kept, and codes compared at the finest level that both sides know.

prepare(engine)                 the words place_level, place_city, place_province, finest_level; the table city_distances
resolve(engine, texts, into)    distinct texts -> adcode, candidates, n
resolve_texts([text, ...])      the same for a few texts
"""

from __future__ import annotations

from parcelproof.places.compare import LEVELS, city_sql, level_sql, province_sql
from parcelproof.places.compare import define as prepare
from parcelproof.places.resolve import Place, resolve, resolve_texts

__all__ = ["LEVELS", "Place", "city_sql", "level_sql", "prepare", "province_sql", "resolve", "resolve_texts"]
