"""Real formats -> canonical rows, one file a format.

A reader is a module of this package with a `READER` (see `common`). It is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from parcelproof.errors import UsageError, unknown_name

if TYPE_CHECKING:
    from parcelproof.sources.common import Reader

MODULES = {
    "17track": "seventeentrack",
    "aftership": "aftership",
    "csv": "csvfile",
    "douyin": "douyin",
    "epcis": "epcis",
    "juhe": "juhe",
    "kdniao": "kdniao",
    "kuaidi100": "kuaidi100",
    "pinduoduo": "pinduoduo",
    "sf": "sf",
    "shopify": "shopify",
    "taobao": "taobao",
    "wechat": "wechat",
    "yunda": "yunda",
    "zto": "zto",
}
"""Name of a source -> its module in this package."""


def reader(name: str) -> Reader:
    """The reader of a source.

    Raises:
        UsageError: No source has that name.
    """
    module = MODULES.get(name.strip().lower())
    if module is None:
        raise UsageError(unknown_name("source", name, MODULES))
    found: Reader = import_module(f"parcelproof.sources.{module}").READER
    return found


def readers() -> dict[str, str]:
    """Every source by name, with one line that says what is read."""
    return {name: reader(name).title for name in MODULES}
