"""Brushing rings: dense groups of buyers and merchants, and how surprising they are."""
