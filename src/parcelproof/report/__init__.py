"""The HTML report, the page of a backtest, and the story of one shipment."""

from __future__ import annotations

from parcelproof.report.page import render_backtest, render_report
from parcelproof.report.story import Story, explain

__all__ = ["Story", "explain", "render_backtest", "render_report"]
