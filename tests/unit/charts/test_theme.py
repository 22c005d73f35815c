"""Text is measured as the shipped font draws it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.charts.theme import FONT_FILES, LIGHT, RATINGS, SERIES, SIZE, config, text_width, widest, wrap
from tests.conftest import ROOT

ASCII = "".join(map(chr, range(32, 127)))
OTHERS = "£−–’"
SAMPLES = (
    "£1,415.5m",
    "Children, Young People and Education",
    "2024-25",
    "at least 725,532 [p]",
    "−12.5%",
    "AVATAR WAVE",
)


def advances(number: int) -> Any:
    """Return how wide the shipped font draws a character, in thousandths of its size."""
    ttlib = pytest.importorskip("fontTools.ttLib")
    with ttlib.TTFont(ROOT / "templates" / "assets" / FONT_FILES[number]) as font:
        units, names, widths = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
        return {ch: widths[names[ord(ch)]][0] * 1000 / units for ch in ASCII + OTHERS if ord(ch) in names}


def test_every_character_is_as_wide_as_in_the_font() -> None:
    wide = {ch: text_width(ch, size=1000) for ch in ASCII + OTHERS}
    assert wide == {ch: pytest.approx(width, abs=1) for ch, width in advances(0).items()}


@pytest.mark.parametrize("text", SAMPLES)
def test_bold_text_never_needs_more_room_than_was_measured(text: str) -> None:
    wide = advances(1)
    drawn = sum(wide[ch] for ch in text) * SIZE / 1000
    assert drawn <= text_width(text, bold=True) + 0.5


@pytest.mark.parametrize("text", ["ﬀ", "漢字", "Ŵŵ", "€", "🙂"])
def test_unknown_characters_get_room_enough(text: str) -> None:
    assert text_width(text) >= len(text) * SIZE * 0.5


@pytest.mark.parametrize("text", [*SAMPLES, "", "word", "a " * 40])
@pytest.mark.parametrize("width", [60, 150, 400])
def test_wrapped_lines_fit_and_no_word_is_lost(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(text_width(line) <= width or " " not in line for line in lines)
    assert lines


def test_widest_of_nothing_is_nothing() -> None:
    assert widest([]) == 0
    assert widest(["a", "WWW"]) == text_width("WWW")


def test_every_colour_of_a_chart_is_defined_by_the_stylesheet() -> None:
    names = {name for colours in SERIES.values() for name in colours} | {colour for colour, _ in RATINGS.values()}
    css = (ROOT / "templates/assets/site.css").read_text(encoding="utf-8")
    defined = {f"var({name})" for name in re.findall(r"(--chart-[a-z0-9]+):", css)}
    assert names
    assert defined >= names
    assert all(len(set(SERIES[count])) == count for count in SERIES)


def test_pictures_have_no_background_and_no_roles_of_their_own() -> None:
    assert config()["background"] is None
    assert config()["aria"] is False


def test_colours_that_leave_the_site_are_those_of_its_light_scheme() -> None:
    css = (ROOT / "templates" / "assets" / "site.css").read_text(encoding="utf-8").partition("@media")[0]
    assert dict(re.findall(r"--chart-(\w+): (#[0-9a-f]{6});", css)) == LIGHT
