"""The canonical tables: schema, reading, validation, quarantine."""

from parcelproof.dataset.reading import Loaded, TableCount, explained, load

__all__ = ["Loaded", "TableCount", "explained", "load"]
