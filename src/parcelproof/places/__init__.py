"""Place codes: names to codes with their doubt kept."""
