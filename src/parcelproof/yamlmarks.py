"""YAML with the line of every value, and with repeated keys told instead of swallowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Place = tuple[str, ...]


def read(path: Path, faults: list[str]) -> tuple[dict[str, Any], dict[Place, int]]:
    """The mapping in a file, and the line of every value by its path; faults are added to `faults`."""
    lines: dict[Place, int] = {}
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except RecursionError:
        faults.append(f"{path.name}:1: it is nested too deep; write it flat")
        return {}, lines
    except OSError as error:
        faults.append(f"{path}: it cannot be read ({error.strerror or error}); check its name")
        return {}, lines
    except UnicodeDecodeError as error:
        faults.append(f"{path.name}:1: it cannot be read ({error}); write it as UTF-8 text")
        return {}, lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        faults.append(f"{path.name}:{mark.line + 1 if mark else 1}: it is not YAML ({getattr(error, 'problem', error)}); mend the syntax there")
        return {}, lines
    if not isinstance(node, yaml.MappingNode):
        faults.append(f"{path.name}:1: it holds no mapping; write `key: value` lines")
        return {}, lines
    value: dict[str, Any] = _Reader(path.name, lines, faults).value(node, ())
    return value, lines


class _Reader:
    """Turns the nodes of one file into values. A node that stands twice is an alias: told, for it can grow without end."""

    def __init__(self, name: str, lines: dict[Place, int], faults: list[str]) -> None:
        self.name, self.lines, self.faults = name, lines, faults
        self.seen: set[int] = set()
        self.loader = yaml.SafeLoader("")

    def fault(self, node: yaml.Node, what: str) -> None:
        self.faults.append(f"{self.name}:{node.start_mark.line + 1}: {what}")

    def value(self, node: yaml.Node, place: Place) -> Any:  # noqa: ANN401  any YAML value
        if id(node) in self.seen:
            return self.fault(node, "it stands again elsewhere by an alias (*name); write it out there")
        self.seen.add(id(node))
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, str(number))) for number, child in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":
            return node.value
        try:
            return self.loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            return self.fault(node, f"{node.value!r} is not a value; quote it")

    def mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(key_node, "a key is a plain word; write `key: value`")
                continue
            key = str(key_node.value)
            if key in found:
                self.fault(key_node, f"{key} stands twice; keep one")
            found[key] = self.value(value_node, (*place, key))
        return found
