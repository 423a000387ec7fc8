"""Data only: the shared checks and the packs."""
