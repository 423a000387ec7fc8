"""YAML that people write by hand: with the line of every value, and with repeated keys told instead of swallowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Place = tuple[str, ...]


class _Plain(yaml.SafeLoader):
    """YAML without anchors: they can nest a file into itself, or blow it up."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """One node, as long as it is no reference to another."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "references (*name) are not read here", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


def read(path: Path, faults: list[str]) -> tuple[dict[str, Any], dict[Place, int]]:
    """The mapping in a file, and the line of every value by its path; faults are added to `faults`."""
    lines: dict[Place, int] = {}
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Plain)
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
    except RecursionError:
        faults.append(f"{path.name}:1: it is nested too deeply; flatten it")
        return {}, lines
    if not isinstance(node, yaml.MappingNode):
        faults.append(f"{path.name}:1: it holds no mapping; write `key: value` lines")
        return {}, lines
    value = _value(node, (), lines, path.name, faults)
    return value, lines


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], name: str, faults: list[str]) -> Any:  # noqa: ANN401  any YAML value
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                faults.append(f"{name}:{key_node.start_mark.line + 1}: {key} stands twice; keep one")
            found[key] = _value(value_node, (*place, key), lines, name, faults)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*place, str(number)), lines, name, faults) for number, child in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        faults.append(f"{name}:{node.start_mark.line + 1}: {node.value!r} is not a value; quote it")
        return None
