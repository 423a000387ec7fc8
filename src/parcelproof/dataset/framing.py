"""Cuts text files into records and numbers them, so that one bad record costs no other.

A record is written to scratch as its number, a separator and its text, and the engine reads that. What cannot be a
record (bytes that are not UTF-8, a quote that is never closed, the cut end of a compressed file) goes to a second file.
Both files are written as the input is read: memory holds a few lines of it, never the file.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from parcelproof.dataset.files import Part
from parcelproof.errors import InputError

DELIMITERS = ",;\t|"
QUOTE = b'"'
LONGEST = 1 << 20
"""Bytes of the longest record: a line without an end must not fill the memory."""
LINES_IN_A_RECORD = 200
"""A quoted field may hold line ends, but a quote still open after so many lines was never closed."""
TEXT_LIMIT = 2000
_BLOCK = 1 << 20
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = bytes.maketrans(b"\r\x1f", b"  ")
UNCLOSED = "it opens a quote that is never closed"

RAGGED = " are expected"
"""How the fault of a record ends that only has too many or too few cells."""


@dataclass(slots=True)
class Framed:
    """A framed text file: where its records are, how its header reads, and how many records were none."""

    part: Part
    path: Path
    columns: list[str] = field(default_factory=list)
    delimiter: str = ","
    rows: int = 0
    """How many records there are, with those that were none and the damaged end of a file."""
    bad: int = 0

    @property
    def aside(self) -> Path:
        """Where the records are that were none: JSON lines of row, reason and text."""
        return self.path.with_suffix(".bad")


def frame_csv(part: Part, path: Path) -> Framed:
    """Frame a CSV part: its header, then its records at `path`.

    Raises:
        InputError: The file has no header that can be read.
    """
    framed = Framed(part, path)
    with path.open("wb") as out, framed.aside.open("wb") as aside:
        lines = _lines(framed, aside)
        framed.delimiter, framed.columns = _header(lines, framed)
        _write(framed, records(lines, framed.delimiter.encode(), len(framed.columns)), out, aside)
    return framed


def frame_jsonl(part: Part, path: Path) -> Framed:
    """Frame a JSONL part: one object a line.

    Raises:
        InputError: The file is one JSON array, or text in another encoding.
    """
    framed = Framed(part, path, delimiter="\x1f")
    with path.open("wb") as out, framed.aside.open("wb") as aside:
        _write(framed, _objects(_lines(framed, aside), part), out, aside)
    return framed


def _lines(framed: Framed, aside: BinaryIO) -> Iterator[bytes]:
    """The lines of a part without their ends, blank ones too; of a line too long only a part that is still too long.

    The cut end of a compressed file is put aside.
    """
    part = framed.part
    rest = b""
    with gzip.open(part.path, "rb") if part.suffix.endswith(".gz") else part.path.open("rb") as file:
        try:
            block = _after_mark(file.read1(_BLOCK), part)
            while block:
                *lines, rest = (rest + block).split(b"\n")
                yield from lines
                rest = rest[: LONGEST + 1]
                block = file.read1(_BLOCK)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            _put_aside(framed, aside, None, f"the compressed file is cut short or damaged from here on ({error})", rest)
            rest = b""
    yield rest


def _after_mark(block: bytes, part: Part) -> bytes:
    """The first bytes of a file without the mark of their encoding."""
    if block.startswith(_WIDE_MARKS):
        raise InputError(f"{part.name} is UTF-16: save it as UTF-8")
    return block.removeprefix(b"\xef\xbb\xbf")


def _write(framed: Framed, records: Iterable[tuple[bytes, str]], out: BinaryIO, aside: BinaryIO) -> None:
    """Number the records, and write each to its file."""
    separator = framed.delimiter.encode()
    for number, (record, fault) in enumerate(records, 1):
        reason = fault or _unreadable(record)
        if reason:
            _put_aside(framed, aside, number, reason, record)
        else:
            out.write(b"%d%b%b\n" % (number, separator, record))
            framed.rows += 1


def _unreadable(record: bytes) -> str:
    """Why a record cannot be read as text; empty where it can."""
    if len(record) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    if b"\0" in record:
        return "it holds a NUL byte"
    if not record.isascii():
        try:
            record.decode("utf-8")
        except UnicodeDecodeError:
            return "it is not valid UTF-8: save the file as UTF-8"
    return ""


def _put_aside(framed: Framed, aside: BinaryIO, number: int | None, reason: str, record: bytes) -> None:
    text = record[: 4 * TEXT_LIMIT].decode("utf-8", "replace").replace("\0", "\N{SYMBOL FOR NULL}")[:TEXT_LIMIT]
    aside.write(json.dumps({"row": number, "reason": reason, "text": text}).encode() + b"\n")
    framed.bad += 1
    framed.rows += 1


def _header(lines: Iterator[bytes], framed: Framed) -> tuple[str, list[str]]:
    """The delimiter and the names of the columns, in lower case; they stand in the first line that is not blank."""
    text = next((line for line in lines if line.strip()), b"").decode("utf-8", "replace").rstrip("\r")
    name = framed.part.name
    if framed.bad:
        raise InputError(f"{name} is damaged from its first bytes on: compress it again")
    if not text or "\0" in text:
        raise InputError(f"{name} has no header: its first line must name the columns" + (", in UTF-8" if text else ""))
    if "\r" in text:
        raise InputError(f"{name} ends its lines with carriage returns alone: save it with line feeds (\\n)")
    delimiter = max(DELIMITERS, key=text.count)
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error as error:
        raise InputError(f"{name} has a header that is not CSV ({error}): write one line with the names of the columns") from None
    return delimiter, [name.strip().lower() for name in cells]


def _objects(lines: Iterator[bytes], part: Part) -> Iterator[tuple[bytes, str]]:
    """Yield the text and the fault of every line that is not blank."""
    first = next((line for line in lines if line.strip()), b"").strip()
    if first.startswith(b"[") and first[1:].lstrip()[:1] in {b"", b"{"}:
        raise InputError(f"{part.name} is one JSON array: write one object a line")
    for line in chain([first], lines):
        if line and not line.isspace():
            # JSON knows these only as blanks between values, if at all; the engine would cut the record there.
            yield line.translate(_BLANKS) if b"\r" in line or b"\x1f" in line else line, ""


def records(lines: Iterator[bytes], delimiter: bytes, width: int) -> Iterator[tuple[bytes, str]]:
    """Yield the text and the fault of every record.

    A record whose last quote is open goes on over the next lines; if it never becomes a row of the right width, its
    first line alone is bad and the lines after it are looked at anew.
    """
    row = Row(delimiter, width)
    waiting: deque[bytes] = deque()
    while (raw := waiting.popleft() if waiting else next(lines, None)) is not None:
        line = raw.rstrip(b"\r")
        if not line or line.isspace():
            continue
        if QUOTE not in line and b"\r" not in line:
            found = line.count(delimiter) + 1
            yield line, "" if found == width else row.ragged(found)
            continue
        record, fault = row.read(line)
        if fault == UNCLOSED:
            taken = _following(raw, waiting, lines)
            joined, still = row.read(b"\n".join([raw, *taken]).rstrip(b"\r"))
            if still:
                waiting.extendleft(reversed(taken))
            else:
                record, fault = joined, still
        yield record, fault


def _following(line: bytes, waiting: deque[bytes], lines: Iterator[bytes]) -> list[bytes]:
    """The next lines, up to the one that may close a quote which `line` leaves open."""
    taken: list[bytes] = []
    size = len(line)
    while len(taken) < LINES_IN_A_RECORD and size <= LONGEST:
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            break
        taken.append(following)
        size += len(following) + 1
        if following.count(QUOTE) % 2:
            break
    return taken


class Row:
    """Reads CSV records in which there are quotes."""

    def __init__(self, delimiter: bytes, width: int) -> None:
        self.delimiter, self.width = delimiter, width
        cell = rb'(?:"(?:[^"]++|"")*+"|[^%b"\r\n]*+)' % re.escape(delimiter)
        self._sound = re.compile(rb"%b(?:%b%b){%d}" % (cell, re.escape(delimiter), cell, width - 1))

    def read(self, record: bytes) -> tuple[bytes, str]:
        """The record as the engine reads it, and its fault; quotes inside a cell are no fault."""
        if self._sound.fullmatch(record):
            return record, ""
        try:
            cells = next(csv.reader([record.decode("latin-1")], delimiter=self.delimiter.decode(), strict=True, skipinitialspace=True))
        except csv.Error as error:
            return record, UNCLOSED if "unexpected end" in str(error) else f"its quotes or line ends are not those of CSV ({error})"
        if len(cells) != self.width:
            return record, self.ragged(len(cells))
        return self.delimiter.join(b'"%b"' % cell.encode("latin-1").replace(b'"', b'""') for cell in cells), ""

    def ragged(self, found: int) -> str:
        """The fault of a record with too many or too few cells."""
        return f"{found} columns where {self.width}{RAGGED}"
