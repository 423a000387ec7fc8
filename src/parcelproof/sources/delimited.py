"""Delimited text (CSV and its relatives) as records, so that one bad record costs no other."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from parcelproof.dataset.framing import DELIMITERS, RAGGED, records
from parcelproof.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parcelproof.sources.common import Reading

_AS_TEXT = re.compile(r"""^(?:="(.*)"|'(.+))$""", re.DOTALL)
"""How spreadsheets keep a long number from being rounded: `="6917..."` or a leading apostrophe."""


def read_records(text: str, name: str, reading: Reading) -> tuple[list[str], Iterator[tuple[str, dict[str, str]]]]:
    """The header of a delimited text, and its records as (`row 1`, column -> text); a record that does not fit the header is refused alone.

    The delimiter is the one of `, ; tab |` that the header holds most often, or the one that a first line `sep=;` names. A quoted field may
    hold line ends; one that is never closed costs its first line.

    Raises:
        InputError: The text has no header, or two of its columns have one name.
    """
    lines = iter([line.rstrip("\r\n").encode("utf-8", "replace") for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)])
    head = next((line for line in lines if line.strip()), b"").decode()
    delimiter = max(DELIMITERS, key=head.count)
    if re.fullmatch(r"(?i)\s*\"?sep=.\"?\s*", head):
        delimiter, head = head.strip(' "')[4], next(lines, b"").decode()
    try:
        header = [column.strip() for column in next(csv.reader([head], delimiter=delimiter), [])]
    except csv.Error as error:
        raise InputError(f"{name} has no header that can be read ({error}): its first line must name the columns") from None
    while header and not header[-1]:
        header.pop()
    if not header:
        raise InputError(f"{name} has no header: its first line must name the columns")
    twice = next((column for column in header if column and header.count(column) > 1), None)
    if twice:
        raise InputError(f"{name} has two columns named {twice!r}: rename one of them")
    return header, _fitting(records(lines, delimiter.encode(), len(header)), delimiter, header, reading)


def _fitting(framed: Iterator[tuple[bytes, str]], delimiter: str, header: list[str], reading: Reading) -> Iterator[tuple[str, dict[str, str]]]:
    for number, (record, fault) in enumerate(framed, 1):
        where = f"row {number}"
        if fault and not fault.endswith(RAGGED):
            reading.refuse(where, fault)
            continue
        try:
            fields = next(csv.reader([record.decode()], delimiter=delimiter), [])
        except csv.Error as error:
            reading.refuse(where, f"it is damaged CSV ({error})")
            continue
        while len(fields) > len(header) and not fields[-1].strip():
            fields.pop()
        if len(fields) == len(header):
            yield where, {column: _plain(value) for column, value in zip(header, fields, strict=True)}
        elif any(value.strip() for value in fields):
            reading.refuse(where, f"it has {len(fields)} fields where the header has {len(header)}")


def _plain(value: str) -> str:
    found = _AS_TEXT.match(value.strip())
    return (found[1] if found[1] is not None else found[2]).strip() if found else value
