"""A picture that leaves the site says by itself what it shows, of what stage, and from where."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from generator.charts.poster import MARGIN, Words, poster, with_fonts
from generator.charts.theme import text_width

SVG = (
    '<svg class="marks" xmlns="http://www.w3.org/2000/svg" width="200" height="50" viewBox="0 0 200 50">'
    '<g fill="none"><path d="M0" fill="var(--chart-1)"/>'
    '<text font-family="Source Sans 3" font-size="14px" fill="var(--chart-ink)">1,200</text></g></svg>'
)
WORDS = Words("Parks & <paths>", "Visits, 2023-24.", ("[p] means provisional.",), "Source: Report.", 'It "rose".')


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]


def test_words_stand_around_the_drawing_in_the_order_in_which_they_are_read() -> None:
    found = poster(SVG, WORDS)
    assert texts(found) == [
        "Parks & <paths>", "Visits, 2023-24.", "1,200", "[p] means provisional.", "Source: Report.",
    ]  # fmt: skip
    root = ET.fromstring(found)
    assert [child.text for child in root][:2] == [WORDS.title, WORDS.alt]


def test_everything_has_room_in_the_picture() -> None:
    long = Words(
        "A title of many words " * 4, "A subtitle, too. " * 5, ("A note. " * 12,) * 2, "Source: " + "x y " * 40, ""
    )
    root = ET.fromstring(poster(SVG, long))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    assert width == 200 + 2 * MARGIN
    drawing = next(iter(root.iter("{http://www.w3.org/2000/svg}g")))
    lines = [element for element in root if element.tag.endswith("text")]
    assert len(lines) > 15
    for line in lines:
        size = float(line.get("font-size", "").removesuffix("px"))
        assert MARGIN + text_width(line.text or "", size=int(size)) <= width - MARGIN
        assert float(line.get("y", "")) <= height - MARGIN
    top = float(drawing.get("transform", "").partition(",")[2].rstrip(")"))
    assert sum(top < float(line.get("y", "")) < top + 50 for line in lines) == 0


def test_colours_and_fonts_hang_on_nothing_outside() -> None:
    found = with_fonts(poster(SVG, WORDS), {400: b"regular", 600: b"semibold"}).decode()
    ET.fromstring(found)
    assert "var(" not in found
    assert re.findall(r"https?://[^\"]*", found) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"url\(\"([^\"]{20})", found) == ["data:font/woff2;base6"[:20]] * 2
    assert found.count("font-family=") == 1


def test_picture_without_fonts_names_common_ones() -> None:
    found = with_fonts(poster(SVG, WORDS), {}).decode()
    assert "<style" not in found
    assert "sans-serif" in found


def test_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        poster("<svg></svg>", WORDS)
