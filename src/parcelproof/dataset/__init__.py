"""The canonical tables: schema, reading, validation, quarantine."""
