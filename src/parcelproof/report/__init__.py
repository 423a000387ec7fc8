"""The HTML report and the story of one shipment."""

from __future__ import annotations

from parcelproof.report.page import render_report

__all__ = ["render_report"]
