"""Every error a user can cause, as one small tree.

    ParcelproofError            the root: the command line prints it as one line and exits 2
    ├── InputError              a file, folder, table or value that cannot be used
    ├── UsageError              options that do not go together, an unknown name
    └── FaultsError             faults of a file that was written by hand, all of them at once
        ├── PolicyError         a policy pack
        └── MappingError        a mapping of CSV columns

An error says what is wrong, where, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ParcelproofError(Exception):
    """Root of all errors that are the caller's to mend."""


class InputError(ParcelproofError):
    """A file, folder, table or value that cannot be used as it is."""


class UsageError(ParcelproofError):
    """A command or call that cannot be carried out as it was asked."""


class FaultsError(ParcelproofError):
    """A file with faults; `faults` holds one sentence each, with file, line and mend."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class PolicyError(FaultsError):
    """A policy pack with faults."""


class MappingError(FaultsError):
    """A mapping of CSV columns with faults."""


def unknown_name(kind: str, got: str, known: Iterable[str]) -> str:
    """Say that a name is not known, offer the nearest, and list the known ones."""
    names = sorted(known)
    near = get_close_matches(got, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {kind} {got!r}: {hint}known are {', '.join(names)}"
