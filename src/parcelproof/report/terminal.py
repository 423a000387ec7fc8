"""Plain text for terminals: the width that characters take, line breaks in Chinese and English, nothing that steers a screen."""

from __future__ import annotations

import re
import unicodedata

WIDTH = 100
_TOKEN = re.compile(
    r"\s+|[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]|[^\s\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+"
)
_NEVER_FIRST = frozenset("，。；：、）》”’！？…·,.;:)!?%")


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for wide characters, none for combining ones."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, columns: int) -> str:
    """A text filled with blanks to so many columns."""
    return text + " " * max(columns - width(text), 0)


def wrapped(text: str, *, indent: str = "", hanging: str | None = None, columns: int = WIDTH) -> str:
    """A paragraph broken into lines of at most `columns` columns.

    Args:
        text: one paragraph.
        indent: what the first line starts with.
        hanging: what the others start with; as many blanks as `indent` is wide unless given.
        columns: the most that a line may take.
    """
    rest = " " * width(indent) if hanging is None else hanging
    lines, line, bare = [], indent, True
    for token in _pieces(text, max(columns - max(width(indent), width(rest)), 8)):
        if width(line) + width(token.rstrip()) > columns and not bare:
            lines.append(line.rstrip())
            line, bare = rest, True
        if bare and token.isspace():
            continue
        line, bare = line + token, False
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str, longest: int) -> list[str]:
    """Tokens between which a line may break: words, blanks, single Chinese characters with the marks that follow them."""
    pieces: list[str] = []
    for token in _TOKEN.findall(text):
        if pieces and token[0] in _NEVER_FIRST and not pieces[-1].isspace():
            pieces[-1] += token
        else:
            pieces.append(token)
    return [part for piece in pieces for part in _cut(piece, longest)]


def _cut(piece: str, longest: int) -> list[str]:
    parts = [""]
    for char in piece:
        if width(parts[-1]) + width(char) > longest:
            parts.append("")
        parts[-1] += char
    return parts
