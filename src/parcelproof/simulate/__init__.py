"""A labelled marketplace."""
