"""Real formats -> canonical rows, one file a format.

A module of this package with a `READER` (see `common`) is a source; nothing else registers it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from parcelproof.errors import UsageError, unknown_name

if TYPE_CHECKING:
    from parcelproof.sources.common import Reader


@cache
def _found() -> dict[str, Reader]:
    """Every reader by name, in the order of names."""
    modules = (import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__))
    found = {module.READER.name: module.READER for module in modules if hasattr(module, "READER")}
    return dict(sorted(found.items()))


def reader(name: str) -> Reader:
    """The reader of a source; case and blanks around its name do not matter.

    Raises:
        UsageError: No source has that name.
    """
    found = _found().get(name.strip().lower())
    if found is None:
        raise UsageError(unknown_name("source", name, _found()))
    return found


def readers() -> dict[str, str]:
    """Every source by name, with one line that says what is read."""
    return {name: found.title for name, found in _found().items()}
