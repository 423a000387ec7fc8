"""What a file looks like to the engine before its values are read: a relation, its columns, its rows' numbers and texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parcelproof.dataset.files import Part
from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column of a file, as SQL over the file's relation."""

    sql: str
    physical: str
    """The engine's type of `sql`."""
    nested: str = ""
    """SQL that is true where the value is an object or a list although the type does not say so."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One file as a relation; every other field is SQL over it."""

    relation: str
    columns: dict[str, RawColumn]
    """By lower-case name."""
    row: str
    """The number of a row in its file, from 1."""
    text: str
    """The row as it stands in the file."""
    broken: str = "false"
    """True where the row as a whole cannot be used."""
    reason: str = "''"
    """Why, where `broken` holds."""
    bare: bool = False
    """Whether not one row names a column, so that none can be missing."""


def by_name(part: Part, columns: Iterable[tuple[str, RawColumn]]) -> dict[str, RawColumn]:
    """The columns of a file by lower-case name.

    Raises:
        InputError: Two columns claim to be the same canonical one.
    """
    wanted = {column.name for column in TABLES[part.table].columns}
    found: dict[str, RawColumn] = {}
    for name, column in columns:
        plain = name.strip().lower()
        if plain in found and plain in wanted:
            raise InputError(f"{part.name} has two columns {plain}: keep one")
        found[plain] = column
    return found
