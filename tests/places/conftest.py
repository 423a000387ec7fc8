"""One engine with the words and the gazetteer for all tests of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parcelproof import places
from parcelproof.engines.duckdb import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as made:
        places.prepare(made)
        yield made
