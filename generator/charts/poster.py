"""Make a drawing that leaves the site whole: title, subtitle, notes and source inside, on white, with its font.

What the page says around a chart is lost when its picture is copied; here it is part of the picture.  Nothing in it
points anywhere, and its colours are those of the light scheme.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import escape

from generator.charts.theme import FONT, LIGHT, in_light, wrap

MARGIN = 24
FONTS = f"'{FONT}', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
"""For programs that take no font from a file; all but the first are at most as wide as what labels have room for."""
_ROOT = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)" height="([\d.]+)"[^>]*>')
_BOLDER = 1.05
"""Room for the semibold weight beside the regular one, by which text is measured."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around a chart when it is shown alone."""

    title: str
    subtitle: str
    """Measure, place and period; the phase stands in the drawing."""
    notes: tuple[str, ...]
    source: str
    alt: str


def poster(svg: str, words: Words) -> str:
    """Return the drawing *svg* as a picture that needs no page around it."""
    svg = in_light(svg)
    found = _ROOT.match(svg)
    if not found:
        raise ValueError("a drawing must begin with its size")
    width, height = float(found[1]), float(found[2])
    y = float(MARGIN)
    texts = []

    def write(text: str, size: int, colour: str, *, bold: bool = False) -> None:
        nonlocal y
        for line in wrap(text, width / (_BOLDER if bold else 1), size=size) if text else ():
            weight = ' font-weight="600"' if bold else ""
            place = f'x="{MARGIN}" y="{y + size:g}" font-size="{size}px"{weight} fill="{LIGHT[colour]}"'
            texts.append(f"<text {place}>{escape(line)}</text>")
            y += round(size * 1.35)

    write(words.title, 20, "ink", bold=True)
    write(words.subtitle, 15, "soft")
    y += 14
    drawing = svg[found.end() :].removesuffix("</svg>").replace(f' font-family="{FONT}"', "")
    texts.append(f'<g transform="translate({MARGIN},{y:g})">{drawing}</g>')
    y += height + 10
    for note in words.notes:
        write(note, 13, "soft")
    write(words.source, 13, "soft")
    size = f"{width + 2 * MARGIN:g}", f"{y + MARGIN:g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="0 0 {size[0]} {size[1]}" role="img" font-family="{FONTS}">'
    )
    named = f"<title>{escape(words.title)}</title><desc>{escape(words.alt)}</desc>"
    return f'{head}{named}<rect width="100%" height="100%" fill="{LIGHT["plate"]}"/>{"".join(texts)}</svg>\n'


def font_style(fonts: Mapping[int, bytes]) -> str:
    """Return the style that brings font files, by weight, along; a policy allows it by its digest."""
    return "".join(
        f'@font-face{{font-family:"{FONT}";font-weight:{weight};'
        f'src:url("data:font/woff2;base64,{b64encode(data).decode()}") format("woff2")}}'
        for weight, data in sorted(fonts.items())
    )


def with_fonts(picture: str, fonts: Mapping[int, bytes]) -> bytes:
    """Put font files into a picture, so that it looks the same wherever it is opened."""
    rules = font_style(fonts)
    head, bracket, rest = picture.partition(">")
    return f"{head}{bracket}<style>{rules}</style>{rest}".encode() if rules else picture.encode()
