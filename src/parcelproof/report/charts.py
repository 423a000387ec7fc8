"""Charts as inline SVG, drawn by hand.

Altair with vl-convert was measured first: importing Altair takes 0.7 s, the first chart 0.8 s more, and its SVG fixes
widths, fonts and colours, so it neither follows the page's light and dark colours nor the width of a phone. These
few shapes take under a millisecond a chart. Positions across are percentages and sizes of text are pixels, so a chart
fills any width without its words growing or shrinking. Colours and patterns are classes of `style.css`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parcelproof.report.words import Text

HEIGHT, TOP, BOTTOM = 230, 20, 26
WIDEST_BAR = 6.0
MOST_LABELS = 6
GLYPH = 7
"""Width in pixels of a digit on the axis."""
LEAST_VISIBLE = 1.5
"""Height in pixels of a value that is more than nothing but would not show."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One stacked series: its CSS class, its title, and one value a column."""

    look: str
    title: Text
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: its CSS class, its title, its value."""

    look: str
    title: Text
    value: int


def ticks(highest: float, *, most: int = 4, whole: bool = True) -> list[float]:
    """Round values from above nothing up to at least `highest`, in steps of 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return [1.0]
    rough = highest / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough * (1 - 1e-9))
    step = max(step, 1.0) if whole else step
    return [step * n for n in range(1, math.ceil(highest / step - 1e-9) + 1)]


def columns(labels: Sequence[str | Text], layers: Sequence[Layer], name: str, show: Callable[[float], str], *, whole: bool = True) -> Markup:
    """A chart of stacked columns, one a label, as `<svg role="img">`.

    Args:
        labels: what each column is called, in order.
        layers: the series from the bottom up, each as long as `labels`.
        name: prefix of the ids by which the caption and the description around the chart name it.
        show: how a value is written.
        whole: whether values are counts, so that the axis has no fractions.
    """
    totals = [sum(layer.values[n] for layer in layers) for n in range(len(labels))]
    marks = ticks(max(totals, default=0), whole=whole)
    scale = (HEIGHT - TOP - BOTTOM) / marks[-1]
    gutter = 14 + GLYPH * max(len(show(mark)) for mark in marks)
    body = [_grid(marks, scale, show), *(_column(n, labels, layers, scale, show) for n in range(len(labels))), _labels(labels)]
    frame = Markup(
        '<svg class="columns" role="img" aria-labelledby="{0}-name" aria-describedby="{0}-desc" width="100%" height="{1}" style="padding-left: {2}px">{3}</svg>'
    )
    return frame.format(name, HEIGHT, gutter, Markup().join(body))


def _grid(marks: Sequence[float], scale: float, show: Callable[[float], str]) -> Markup:
    line = Markup('<line class="grid" x2="100%" y1="{0:.1f}" y2="{0:.1f}"/><text class="tick" text-anchor="end" x="-8" y="{1:.1f}">{2}</text>')
    base = HEIGHT - BOTTOM
    grid = [line.format(base - mark * scale, base - mark * scale + 4, show(mark)) for mark in marks]
    return Markup().join([*grid, Markup('<line class="base" x2="100%" y1="{0}" y2="{0}"/>').format(base)])


def _column(n: int, labels: Sequence[str | Text], layers: Sequence[Layer], scale: float, show: Callable[[float], str]) -> Markup:
    slot = 100 / len(labels)
    width = min(slot * 0.74, WIDEST_BAR)
    left, foot = slot * (n + 0.5) - width / 2, float(HEIGHT - BOTTOM)
    bars, told = [], []
    for layer in layers:
        value = layer.values[n]
        if value <= 0:
            continue
        tall = max(value * scale, LEAST_VISIBLE)
        foot -= tall
        bars.append(Markup('<rect class="{}" x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}"/>').format(layer.look, left, foot, width, tall))
        told.append(f"{layer.title.zh} {layer.title.en}: {show(value)}")
    if not bars:
        return Markup()
    return Markup("<g><title>{}</title>{}</g>").format("\n".join([_plain(labels[n]), *told]), Markup().join(bars))


def _labels(labels: Sequence[str | Text]) -> Markup:
    step = max(1, math.ceil(len(labels) / MOST_LABELS))
    text = Markup('<text class="label" text-anchor="{}" x="{:.2f}%" y="{}">{}</text>')
    slot = 100 / max(len(labels), 1)
    inside = len(labels) - 1 if len(labels) > 2 * MOST_LABELS else None  # the label of a narrow last column would stick out of the page
    return Markup().join(
        text.format(*("end", 100) if n == inside else ("middle", slot * (n + 0.5)), HEIGHT - 6, _shown(labels[n])) for n in range(0, len(labels), step)
    )


def _plain(label: str | Text) -> str:
    """A label where no markup can stand: in both languages side by side."""
    return label if isinstance(label, str) else f"{label.zh} {label.en}"


def _shown(label: str | Text) -> str:
    """A label in both languages, of which the page shows one."""
    return label if isinstance(label, str) else Markup('<tspan lang="zh-CN">{}</tspan><tspan lang="en">{}</tspan>').format(label.zh, label.en)


def whole(parts: Sequence[Part], name: str) -> Markup:
    """One bar of the parts of a whole, as `<svg role="img">`; a part above nothing is always wide enough to be seen."""
    total = sum(part.value for part in parts)
    widths = [max(100 * part.value / total, 0.6) if part.value else 0.0 for part in parts] if total else [0.0] * len(parts)
    fit, left, body = 100 / (sum(widths) or 1), 0.0, []
    for part, width in zip(parts, widths, strict=True):
        if width:
            hint = f"{part.title.zh} {part.title.en}: {part.value:,}"
            body.append(
                Markup('<rect class="{}" x="{:.3f}%" y="0" width="{:.3f}%" height="100%"><title>{}</title></rect>').format(part.look, left, width * fit, hint)
            )
        left += width * fit
    empty = Markup() if total else Markup('<rect class="track" width="100%" height="100%"/>')
    return Markup('<svg class="whole" role="img" aria-labelledby="{0}-name" aria-describedby="{0}-desc" width="100%" height="36">{1}{2}</svg>').format(
        name, empty, Markup().join(body)
    )


def meter(value: float, highest: float, look: str) -> Markup:
    """A small bar beside a number that is already written: hidden from screen readers."""
    wide = max(100 * value / highest, 0.8) if value > 0 and highest > 0 else 0.0
    return Markup('<svg class="meter" aria-hidden="true" width="100%" height="8"><rect class="{}" width="{:.2f}%" height="8"/></svg>').format(look, wide)
