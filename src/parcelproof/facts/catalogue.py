"""The list of facts: what each is, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a shipment: its name, type and label."""

    name: str
    type: str
    zh: str
    en: str


@cache
def catalogue() -> dict[str, Fact]:
    """Every fact by name, in the order of the list."""
    text = (Path(__file__).parent / "catalogue.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders
    return {name: Fact(name, entry["type"], entry["zh-CN"], entry["en"]) for name, entry in loaded.items()}


def fact_types() -> dict[str, str]:
    """Fact name -> text, time, money, integer, number or boolean."""
    return {fact.name: fact.type for fact in catalogue().values()}
