"""Parcelproof judges shipments from orders, declared waybills and carrier traces.

import parcelproof
with parcelproof.judge("my-dataset", policy="douyin-shop") as result:
result.table("verdicts")      # Arrow
result.pandas("findings")     # pandas
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parcelproof.verdicts.judge import judge

__version__ = "0.1.0"
__all__ = ["__version__", "judge"]


def __getattr__(name: str) -> object:
    """Import the judge when it is first asked for: `parcelproof --help` needs none of it."""
    if name == "judge":
        from parcelproof.verdicts.judge import judge  # noqa: PLC0415

        return judge
    raise AttributeError(f"module 'parcelproof' has no attribute {name!r}")
