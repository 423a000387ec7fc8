"""Reading, checking, dating and compiling policy packs."""
