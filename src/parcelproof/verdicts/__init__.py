"""From facts and a policy to findings, verdicts, charges, strikes and measures."""
