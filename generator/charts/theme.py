"""How every chart looks: the one font and its widths, the colours by name, and the sizes of the two variants.

Colours are CSS custom properties, so that one drawing serves light, dark, print and high contrast.  Text is measured
with the widths of the shipped font: labels are placed and wrapped before anything is drawn, and cannot collide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FONT = "Source Sans 3"
FONT_FILES = ("fonts/source-sans-3-regular.ttf", "fonts/source-sans-3-semibold.ttf")
WEB_FONTS = {400: "fonts/source-sans-3-regular.woff2", 600: "fonts/source-sans-3-semibold.woff2"}
"""The same by weight, as small as browsers take them."""

INK, SOFT, GRID, AXIS, PLATE = (f"var(--chart-{name})" for name in ("ink", "soft", "grid", "axis", "plate"))
SERIES = {
    1: ("var(--chart-1)",),
    2: ("var(--chart-1)", "var(--chart-4)"),
    3: ("var(--chart-1)", "var(--chart-2)", "var(--chart-3)"),
    4: ("var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)"),
}
"""Colours for a number of series, in the order of the Analysis Function's categorical palette; four at most."""
RATINGS = {
    "Green": ("var(--chart-green)", "circle"),
    "Amber": ("var(--chart-amber)", "triangle-up"),
    "Red": ("var(--chart-red)", "diamond"),
}
"""Colour and shape of each rating, as the tables of the site have them."""
VOTES = ("For", "Against", "Abstain")
"""How members vote, in the order and the words of the minutes."""
UNRATED = "Not rated"
"""The words for an indicator without a rating, which has an open square and no colour."""
LIGHT = {
    "plate": "#ffffff", "ink": "#1b2328", "soft": "#4d5a61", "axis": "#7a8286", "grid": "#dedede", "muted": "#8a8f94",
    "1": "#12436d", "2": "#28a197", "3": "#801650", "4": "#f46a25", "5": "#3d3d3d",
    "green": "#1b6e35", "amber": "#9a5b00", "red": "#b3261e",
}  # fmt: skip
"""What the names of the colours mean on white, for what leaves the site; the stylesheet says the same."""
SIZE = 14
"""Text size in CSS pixels; the narrow variant fits a screen of 320 px with its margins, so it stays readable there."""

# Advance widths of the characters from space to tilde in the regular weight, in thousandths of the text size.
_WIDTHS = (
    200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, 497, 497, 497, 497, 497, 497, 497,
    497, 497, 497, 249, 249, 497, 497, 497, 425, 847, 543, 588, 571, 615, 527, 494, 617, 652, 263, 479, 579, 486, 727,
    647, 664, 566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303, 497, 500, 542, 504, 553, 456, 555,
    496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542, 555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303,
    241, 303, 497,
)  # fmt: skip
_OTHERS = {"£": 497, "\N{MINUS SIGN}": 497, "\N{EN DASH}": 480, "\N{RIGHT SINGLE QUOTATION MARK}": 249}
_WIDE = 700  # of a character that is not in these tables: rather too much room than too little
_BOLDER = 1.035  # the semibold weight is at most this much wider


@dataclass(frozen=True, slots=True)
class Variant:
    """One width at which a chart is drawn."""

    name: str
    width: int
    """Whole width of the drawing in CSS pixels."""


VARIANTS = (Variant("wide", 680), Variant("narrow", 288))


def text_width(text: str, *, size: int = SIZE, bold: bool = False) -> float:
    """Return the width of one line of *text* in pixels.

    >>> round(text_width("£1,415.5m"), 1)
    60.3
    """
    units = sum(_WIDTHS[ord(ch) - 32] if 32 <= ord(ch) < 127 else _OTHERS.get(ch, _WIDE) for ch in text)
    return units * size / 1000 * (_BOLDER if bold else 1)


def wrap(text: str, width: float, *, size: int = SIZE) -> list[str]:
    """Break *text* between words into lines no wider than *width* pixels.

    >>> wrap("Children, Young People and Education", 130)
    ['Children, Young', 'People and Education']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size=size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def in_light(text: str) -> str:
    """Return a drawing or specification with the names of its colours replaced, so that it needs no stylesheet.

    >>> in_light('<path fill="var(--chart-1)"/>')
    '<path fill="#12436d"/>'
    """
    return re.sub(r"var\(--chart-(\w+)\)", lambda found: LIGHT[found[1]], text)


def widest(texts: Sequence[str], *, bold: bool = False) -> float:
    """Return the width of the widest of *texts*, 0 for none."""
    return max((text_width(text, bold=bold) for text in texts), default=0.0)


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that all charts share."""
    return {
        "font": FONT,
        "aria": False,  # the picture is one image with a text alternative; its figures are in the table beside it
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelColor": INK, "labelFontSize": SIZE, "labelLimit": 0, "labelOverlap": False, "titleColor": SOFT,
            "titleFontSize": SIZE, "titleFontWeight": 400, "titleLimit": 0, "gridColor": GRID, "domainColor": AXIS,
            "tickColor": AXIS, "domain": False, "ticks": False, "labelPadding": 8,
        },
        "legend": {
            "labelColor": INK, "labelFontSize": SIZE, "labelLimit": 0, "symbolSize": 160, "symbolStrokeWidth": 0,
            "rowPadding": 8, "columnPadding": 18, "orient": "top", "direction": "horizontal", "title": None,
            "offset": 8, "labelOffset": 6,
        },
        "text": {"fill": INK, "fontSize": SIZE},
        "bar": {"fill": SERIES[1][0]},
    }  # fmt: skip
