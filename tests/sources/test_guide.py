from __future__ import annotations

import json
import re
from pathlib import Path

from parcelproof.sources.common import Context, Reader

GUIDE = Path(__file__).parents[2] / "docs/guides/write-an-adapter.md"


def test_the_adapter_of_the_guide_works_as_it_stands() -> None:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, object] = {}
    exec(compile(found[1], str(GUIDE), "exec"), names)  # noqa: S102  the guide's own code is what is tested
    made = names["READER"]
    assert isinstance(made, Reader)
    steps = [{"time": "2026-08-01 10:00:00", "text": "【杭州】已揽收", "action": "GOT"}, {"time": "2026-08-02 10:00:00", "text": "已签收"}]
    reading = made.read(json.dumps({"number": "1", "steps": steps}).encode(), Context("x", None, b""))
    assert [row["stage"] for row in reading.rows["scans"]] == ["collected", "delivered"]
    assert made.read(b'{"message": "no such number"}', Context("x", None, b"")).refused == [("payload 1", "no such number")]
