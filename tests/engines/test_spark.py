"""Spark on a cluster of its own against DuckDB: every case of every fact model, and every row of every table of a judged folder."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from cluster import cluster
from test_cases import CASES
from worlds import UNLIKE, answered, expected

from parcelproof.engines.duckdb import Engine
from parcelproof.engines.spark import Engine as Spark
from parcelproof.facts.prepare import prepare

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module", name="spark")
def on_a_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    with cluster(tmp_path_factory.mktemp("cluster")) as session, Spark(session=session) as engine:
        yield engine
