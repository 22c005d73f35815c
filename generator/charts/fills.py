"""Give the areas of each series a pattern of their own, so that no chart tells its series apart by colour alone.

The first colour stays plain; the others get thin stripes or dots in the colour of the plate.  Patterns are laid over a
finished drawing and hang on the names of the colours, so every kind of chart has them, in print and in high contrast.
Points and lines have none: shape, dash and name tell those apart.
"""

from __future__ import annotations

import re

TILE = 8
PATTERNS = {
    "2": '<path d="M0,8L8,0M-1,1L1,-1M7,9L9,7" stroke="var(--chart-plate)" stroke-width="1.25"/>',
    "3": '<path d="M2,2h0M6,6h0" stroke="var(--chart-plate)" stroke-width="2" stroke-linecap="round"/>',
    "4": '<path d="M0,0L8,8M-1,7L1,9M7,-1L9,1" stroke="var(--chart-plate)" stroke-width="1.25"/>',
}
"""What is drawn upon each colour, in square tiles: stripes that rise, dots, stripes that fall."""
_AREA = re.compile(r'(<path (?!transform)[^>]*?fill=")var\(--chart-([2-4])\)"')
_KEY = re.compile(
    r'(<path transform="[^"]*" d="M[-\d.,]+h[-\d.]+v[-\d.]+h[-\d.]+Z"[^>]*?fill=")var\(--chart-([2-4])\)"'
)
"""A square symbol of the legend; symbols in the chart itself tell series apart by their shape."""


def patterned(svg: str, prefix: str) -> str:
    """Return a drawing whose areas in the second to the fourth colour, and their key, are filled with patterns.

    >>> patterned('<svg><path d="M0,0h9v9h-9Z" fill="var(--chart-1)"/></svg>', "a")
    '<svg><path d="M0,0h9v9h-9Z" fill="var(--chart-1)"/></svg>'
    >>> patterned('<svg><path d="M0,0h9v9h-9Z" fill="var(--chart-4)"/></svg>', "a").count("a-fill-4")
    2
    >>> patterned('<svg><path transform="" d="M0,0h9v9h-9Z" fill="var(--chart-4)"/></svg>', "a").count("a-fill-4")
    0
    """
    used = sorted({found[2] for found in _AREA.finditer(svg)})
    if not used:
        return svg
    tiles = "".join(
        f'<pattern id="{prefix}-fill-{n}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
        f'<rect width="{TILE}" height="{TILE}" fill="var(--chart-{n})"/>{PATTERNS[n]}</pattern>'
        for n in used
    )
    head, bracket, rest = svg.partition(">")
    for shape in (_AREA, _KEY):
        rest = shape.sub(rf'\1url(#{prefix}-fill-\2)"', rest)
    return f"{head}{bracket}<defs>{tiles}</defs>{rest}"
