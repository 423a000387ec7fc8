from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from parcelproof.sources import reader
from parcelproof.sources.common import Context, parse_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

FIXTURES = Path(__file__).parent / "fixtures"
SALT = b"a salt of tests, long enough"


@pytest.fixture
def fixture_bytes() -> Callable[[str], bytes]:
    """The bytes of `fixtures/<name>`."""
    return lambda name: (FIXTURES / name).read_bytes()


@pytest.fixture
def read() -> Callable[..., Reading]:
    """Read bytes, text or an object with a source's reader."""

    def run(source: str, payload: Any, timezone: str | None = None) -> Reading:
        text = payload if isinstance(payload, (str, bytes)) else json.dumps(payload, ensure_ascii=False)
        data = text.encode() if isinstance(text, str) else text
        return reader(source).read(data, Context("payload.json", parse_zone(timezone) if timezone else None, SALT))

    return run
