"""XML messages as objects, like those of JSON: for pushes that come in either.

Document types are refused, so nothing can be defined that a message then expands or fetches.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

_DEEPEST = 40


class NotReadable(ValueError):  # noqa: N818  it is no fault of the program's
    """A text that is no XML message; the message says why."""


def messages(text: str) -> tuple[list[str], str]:
    """The `<xml>` messages of a text, and what stands between them, at its old lines; a message that was cut off is left between them."""
    found: list[str] = []
    rest: list[str] = []
    place = 0
    while (closing := text.find("</xml", place)) >= 0 and (end := text.find(">", closing) + 1) > 0:
        start = text.rfind("<xml", place, closing)
        if start >= 0:
            rest += [text[place:start], "\n" * text.count("\n", start, end)]
            found.append(text[start:end])
        else:
            rest.append(text[place:end])
        place = end
    return found, "".join([*rest, text[place:]])


def parse(text: str) -> dict[str, Any]:
    """One message as an object: an element's text, or its elements by name; repeated ones as a list.

    Raises:
        NotReadable: It is damaged, nested too deeply, or has a document type.
    """
    parser = expat.ParserCreate()
    root: dict[str, Any] = {}
    open_elements: list[tuple[dict[str, Any], list[str]]] = [(root, [])]

    def start(_: str, __: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise NotReadable("it is nested too deeply to be a message")
        open_elements.append(({}, []))

    def end(name: str) -> None:
        inside, said = open_elements.pop()
        value: Any = inside or "".join(said).strip()
        parent = open_elements[-1][0]
        if name in parent:
            value = [*(parent[name] if isinstance(parent[name], list) else [parent[name]]), value]
        parent[name] = value

    def doctype(*_: object) -> None:
        raise NotReadable("it has a document type, which no message needs")

    def characters(data: str) -> None:
        open_elements[-1][1].append(data)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003  expat's word for "this is all"
    except expat.ExpatError as error:
        raise NotReadable(f"it is damaged XML ({expat.ErrorString(error.code)}): fetch the message again") from None
    message = root.get("xml")
    return message if isinstance(message, dict) else {}
