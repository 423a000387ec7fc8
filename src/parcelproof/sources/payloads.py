"""From a file's bytes to the payloads in it: gzip, encodings, JSON in a row or in lines, form bodies with JSON inside.

Integers of any length stay exact, fractions become `Decimal`, and a key that stands twice keeps what it says. Damage costs only what
it touches.
"""

from __future__ import annotations

import json
import re
import zlib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus

if TYPE_CHECKING:
    from parcelproof.sources.common import Reading

LARGEST = 256 << 20
"""Bytes of a file after decompression: payloads are answers and pushes, and a bomb is neither."""
_FORM = re.compile(r"[A-Za-z_][\w.\-]{0,60}=")
_NESTED = 4
_LONGEST_INTEGER = 4000


class NotReadable(ValueError):  # noqa: N818  it is no fault of the program's
    """Bytes that hold no text of a known kind; the message says what they are."""


def payloads(data: bytes, reading: Reading) -> list[tuple[str, Any]]:
    """The payloads of a file as (where, object); what is no JSON is refused in `reading`, with where and why.

    Understood are one JSON value, several behind each other or one a line, arrays of payloads (taken apart), and form bodies
    (`param=...&sign=...`), whose fields that hold JSON are opened.
    """
    try:
        text = text_of(data)
    except NotReadable as error:
        reading.refuse("file", str(error))
        return []
    found: list[tuple[str, Any]] = []
    for where, value in _values(text, reading):
        found += _apart(where, value)
    if not found and not reading.refused:
        reading.refuse("file", "it holds no payload")
    return found


def text_of(data: bytes) -> str:
    """The text of a file: gzip undone, byte order marks obeyed, else UTF-8, else GB 18030.

    Raises:
        NotReadable: It is empty, binary, too large, a web page or damaged.
    """
    data = _unzipped(data)
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"))
    try:
        return _checked(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    try:
        return _checked(data.decode("gb18030"))
    except UnicodeDecodeError:
        return _checked(data.decode("utf-8-sig", "replace"))


def _unzipped(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, LARGEST)
    except zlib.error:
        raise NotReadable("it is damaged gzip: fetch the file again") from None
    if unpacker.unconsumed_tail:
        raise NotReadable(f"it unpacks to more than {LARGEST >> 20} MB: split it")
    if not unpacker.eof:
        raise NotReadable("it is gzip cut short: fetch the file again")
    return plain


def _checked(text: str) -> str:
    text = text.removeprefix("\ufeff")
    head = text[:2000].strip().lower()
    if not text.strip():
        raise NotReadable("it is empty")
    if head.startswith(("<!doctype html", "<html")):
        title = re.search(r"<title>\s*([^<]{1,80})", head)
        raise NotReadable(f"it is a web page{f' ({title[1].strip()})' if title else ''}, not an answer of the interface")
    if "\0" in head:
        raise NotReadable("it is binary, not text: export it as JSON")
    return text


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401  JSON is any of seven types
    """One JSON document.

    Raises:
        ValueError: It is none, or it is nested too deeply.
    """
    try:
        return _DECODER.decode(text_of(text) if isinstance(text, bytes) else text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def as_object(value: object) -> Any:  # noqa: ANN401  JSON is any of seven types
    """A value that may be JSON in a string, once or several times over, or percent-encoded: opened as far as it goes."""
    for _ in range(_NESTED):
        if not isinstance(value, str):
            return value
        opened = value.strip().removeprefix("\ufeff")
        if opened[:3].upper() in ("%7B", "%5B", "%22"):
            opened = unquote_plus(opened)
        if not opened.startswith(("{", "[", '"{', '"[')):
            return value
        try:
            value = parse_json(opened)
        except ValueError:
            return value
    return value


def _apart(where: str, value: object) -> list[tuple[str, Any]]:
    """A value as payloads: strings opened, an array taken apart."""
    value = as_object(value)
    if isinstance(value, list):
        return [(f"{where}[{number}]", as_object(entry)) for number, entry in enumerate(value, 1)]
    return [(where, value)]


def _values(text: str, reading: Reading) -> list[tuple[str, Any]]:
    """Every value of the text with its place; after damage it goes on at the next line that begins a value."""
    found: list[tuple[str, Any]] = []
    place = 0
    while place < len(text):
        if text[place] in " \t\r\n,;\x1e\ufeff":
            place += 1
            continue
        where = f"payload {len(found) + 1}"
        if text[place] in '{["':
            try:
                value, place = _DECODER.raw_decode(text, place)
            except (ValueError, RecursionError) as error:
                reading.refuse(f"line {text.count(chr(10), 0, place) + 1}", _why(error, text))
                place = _next_start(text, place)
            else:
                found.append((where, value))
            continue
        end = text.find("\n", place)
        line = text[place : end if end >= 0 else len(text)].strip()
        if _FORM.match(line):
            found.append((where, form(line)))
        else:
            reading.refuse(f"line {text.count(chr(10), 0, place) + 1}", f"it is no JSON object and no form body: it begins with {line[:20]!r}")
            end = _next_start(text, place) - 1
        place = end + 1 if end >= 0 else len(text)
    return found


def _next_start(text: str, place: int) -> int:
    """Where the next line begins that could start a value: at its very first character."""
    found = re.compile(r"\n(?=[{\[]|[A-Za-z_][\w.\-]{0,60}=)").search(text, place)
    return found.end() if found else len(text)


def _why(error: Exception, text: str) -> str:
    if isinstance(error, json.JSONDecodeError):
        cut = " (it seems cut short)" if error.pos >= len(text.rstrip()) - 1 else ""
        return f"it is damaged JSON at line {error.lineno}, column {error.colno}{cut}: fetch the payload again"
    return "it is nested too deeply to be a payload"


def form(line: str) -> dict[str, Any]:
    """A form body as an object; fields that hold JSON are opened. Of a repeated field the first counts."""
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(line, keep_blank_values=True, max_num_fields=1000, errors="replace"):
        fields.setdefault(name, as_object(value))
    return fields


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose repeated keys keep the last value that holds something."""
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key not in result or value not in (None, "", [], {}):
            result[key] = value
    return result


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def _fraction(digits: str) -> Decimal | None:
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer, parse_float=_fraction, parse_constant=lambda _: None, strict=False)
