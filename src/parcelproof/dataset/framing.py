"""Cuts text files into records and numbers them, so that one bad record costs no other.

A record is written to scratch as its number, a separator and its text, and the engine reads that. What cannot be a
record (bytes that are not UTF-8, a quote that is never closed, the cut end of a compressed file) is told apart here.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from parcelproof.dataset.files import Part
from parcelproof.errors import InputError

DELIMITERS = ",;\t|"
QUOTE = ord('"')
LINES_IN_A_RECORD = 200
"""A quoted field may hold line ends, but a quote still open after so many lines was never closed."""


@dataclass(slots=True)
class Framed:
    """A framed text file: where its records are, how its header reads, and what was no record."""

    path: Path
    columns: list[str] = field(default_factory=list)
    delimiter: str = ","
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    """(record number, reason, text)"""
    records: int = 0


def lines(part: Part, framed: Framed) -> Iterator[bytes]:
    """The lines of a part without their ends; the cut end of a compressed file is put into `framed.bad`."""
    with gzip.open(part.path, "rb") if part.suffix.endswith(".gz") else part.path.open("rb") as file:
        try:
            first = True
            for line in file:
                text = line.removeprefix(b"\xef\xbb\xbf") if first else line
                first = False
                yield text.rstrip(b"\r\n")
        except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
            framed.bad.append((-1, f"the compressed file is cut short or damaged from here on ({error})", ""))


def frame_csv(part: Part, scratch: Path) -> Framed:
    """Frame a CSV part.

    Raises:
        InputError: The file has no header.
    """
    framed = Framed(scratch)
    source = lines(part, framed)
    header = next((line for line in source if line.strip()), b"")
    framed.delimiter, framed.columns = _header(header, part)
    with scratch.open("wb") as out:
        for number, record, reason in records(source, framed.delimiter, len(framed.columns)):
            _put(framed, out, number, record, reason, b",")
    return framed


def frame_jsonl(part: Part, scratch: Path) -> Framed:
    """Frame a JSONL part: one object a line, blank lines skipped."""
    framed = Framed(scratch)
    with scratch.open("wb") as out:
        for number, line in enumerate((line for line in lines(part, framed) if line.strip()), 1):
            _put(framed, out, number, line, "", b"\x1f")
    return framed


def _put(framed: Framed, out: BinaryIO, number: int, record: bytes, reason: str, separator: bytes) -> None:
    """Write a good record, or note why it is none."""
    framed.records = number
    if not reason and b"\0" in record:
        reason = "it holds a NUL byte"
    if not reason:
        try:
            record.decode("utf-8")
        except UnicodeDecodeError:
            reason = "it is not valid UTF-8: save the file as UTF-8"
    if reason:
        framed.bad.append((number, reason, record.decode("utf-8", "replace").replace("\0", "\N{SYMBOL FOR NULL}")))
    else:
        out.write(b"%d%s%s\n" % (number, separator, record))


def _header(line: bytes, part: Part) -> tuple[str, list[str]]:
    text = line.decode("utf-8", "replace")
    if not text.strip() or "\0" in text:
        raise InputError(f"{part.name} has no header: its first line must name the columns")
    delimiter = max(DELIMITERS, key=text.count) if any(mark in text for mark in DELIMITERS) else ","
    try:
        row = next(csv.reader([text], delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"{part.name} has no header that can be read ({error}): its first line must name the columns") from None
    return delimiter, [name.strip().lower() for name in row]


def records(source: Iterator[bytes], delimiter: str, width: int) -> Iterator[tuple[int, bytes, str]]:
    """Yield number, text and fault of every record of CSV lines without their ends.

    A record whose quotes do not pair goes on over the next lines; if it never becomes a row of the right width, its
    first line alone is bad and the lines after it are looked at anew.
    """
    waiting: list[bytes] = []
    number = 0
    while True:
        line = waiting.pop(0) if waiting else next(source, None)
        if line is None:
            return
        if not line.strip():
            continue
        number += 1
        if line.count(QUOTE) % 2 == 0:
            yield number, line, ""
            continue
        joined, taken = _joined(line, waiting, source, delimiter, width)
        if joined is None:
            waiting[:0] = taken
            yield number, line, "it opens a quote that is never closed"
        else:
            yield number, joined, ""


def _joined(line: bytes, waiting: list[bytes], source: Iterator[bytes], delimiter: str, width: int) -> tuple[bytes | None, list[bytes]]:
    """The record that a line with an open quote begins, or None with the lines that were looked at in vain."""
    taken: list[bytes] = []
    while len(taken) < LINES_IN_A_RECORD:
        following = waiting.pop(0) if waiting else next(source, None)
        if following is None:
            break
        taken.append(following)
        if following.count(QUOTE) % 2:
            record = b"\n".join([line, *taken])
            try:
                row = next(csv.reader([record.decode("utf-8", "replace")], delimiter=delimiter), [])
            except csv.Error:
                row = []
            return (record, []) if len(row) == width else (None, taken)
    return None, taken
