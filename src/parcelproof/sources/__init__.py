"""Real formats into canonical rows, one file a format."""
