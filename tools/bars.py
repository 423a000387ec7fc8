"""Horizontal bars as an SVG file of its own, which follows the reader's light or dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, BAR, GAP, CHARACTER = 26, 16, 8, 7.0
WIDTH, RIGHT = 820, 90
COLOURS = ("#33628f", "#b97a0e", "#1f7a67", "#6d4690", "#b3311d", "#8b8d94", "#c2607f")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c1d21}.base{stroke:#8b8d94}"
    + "".join(f".c{place}{{fill:{colour}}}" for place, colour in enumerate(COLOURS))
    + "@media(prefers-color-scheme:dark){text{fill:#ececea}}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, the lengths of its parts, and what stands at its end."""

    label: str
    parts: Sequence[float]
    shown: str


def bars(title: str, rows: Sequence[Bar], names: Sequence[str]) -> str:
    """The drawing. `names` are those of the parts, the same for every bar; a single one needs no legend."""
    left = GAP + CHARACTER * max(len(row.label) for row in rows)
    longest = max(sum(row.parts) for row in rows) or 1.0
    scale = (WIDTH - left - RIGHT) / longest
    top = 2 * ROW if len(names) > 1 else ROW
    height = top + ROW * len(rows) + GAP
    body = [_legend(names) if len(names) > 1 else "", *(_row(row, names, left, top + ROW * place, scale) for place, row in enumerate(rows))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f'<text x="{GAP}" y="17" font-weight="600">{escape(title)}</text>{"".join(body)}'
        f'<line class="base" x1="{left:.1f}" x2="{left:.1f}" y1="{top - 4}" y2="{height - GAP}"/></svg>\n'
    )


def _row(row: Bar, names: Sequence[str], left: float, y: float, scale: float) -> str:
    drawn, x = [], left
    for place, (name, value) in enumerate(zip(names, row.parts, strict=True)):
        wide = value * scale
        hint = f"<title>{escape(name)}: {value:,.3g}</title>"
        drawn.append(f'<rect class="c{place % len(COLOURS)}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{BAR}">{hint}</rect>')
        x += wide
    label = f'<text x="{left - 6:.1f}" y="{y + 13:.1f}" text-anchor="end">{escape(row.label)}</text>'
    return f'{label}{"".join(drawn)}<text x="{x + 5:.1f}" y="{y + 13:.1f}">{escape(row.shown)}</text>'


def _legend(names: Sequence[str]) -> str:
    drawn, x = [], float(GAP)
    for place, name in enumerate(names):
        drawn.append(f'<rect class="c{place % len(COLOURS)}" x="{x:.1f}" y="{ROW + 1}" width="12" height="12"/>')
        drawn.append(f'<text x="{x + 17:.1f}" y="{ROW + 12}">{escape(name)}</text>')
        x += 17 + CHARACTER * len(name) + 18
    return "".join(drawn)
