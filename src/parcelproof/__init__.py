"""Parcelproof judges shipments from orders, declared waybills and carrier traces."""

__version__ = "0.1.0"
