"""Specifications become SVG in worker processes; a broken one is blamed alone, and nothing is drawn twice."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.charts.kinds import specification
from generator.charts.poster import Words, poster
from generator.charts.svg import Drawing, count_marks, draw, name, named, request_digest, tidy
from generator.charts.theme import FONT_FILES, VARIANTS
from generator.charts.workers import Workers
from generator.diagnostics import Location
from generator.digest import digest
from generator.memo import Store
from tests.conftest import ROOT
from tests.unit.charts.samples import CHARTS

FONTS = {name: (ROOT / "templates" / "assets" / name).read_bytes() for name in FONT_FILES}
RAW = (
    '<svg class="marks" width="9" height="9" viewBox="0 0 9 9" version="1.1" xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><defs><clipPath id="clip7"><path d="M0"/></clipPath></defs>'
    '<g class="mark-group role-frame root" role="graphics-object" aria-roledescription="group mark container">'
    '<path class="background" aria-hidden="true" d="M0"/>'
    '<g clip-path="url(#clip7)" class="mark-rect role-mark layer_0">'
    '<path d="M1" fill="var(--chart-1)" opacity="1"/><path d="M2"/></g>'
    '<g class="mark-text role-mark layer_1"><text>x</text></g>'
    '<g class="mark-group role-axis"><path d="M3"/></g></g></svg>'
)


WORDS = Words("Visits rose", "Visits, 2023-24.", (), "Source: Report on parks.", "It rose.")


def drawing(
    figure: str, specify: Callable[[], dict[str, Any]], variant: str = "wide", words: Words | None = None
) -> Drawing:
    return Drawing(figure, variant, digest(figure, variant), specify, Location("content/a.md", 3), words)


def never() -> dict[str, Any]:
    raise AssertionError("the specification was remembered and is made again")


def of(chart: str) -> Callable[[], dict[str, Any]]:
    return lambda: specification(CHARTS[chart], VARIANTS[0])


def test_only_shapes_that_carry_data_are_counted() -> None:
    assert count_marks(RAW) == 2


def test_ids_are_named_after_the_figure_and_its_variant() -> None:
    found = named(tidy(RAW), "visits-wide")
    assert 'id="visits-wide-1"' in found
    assert 'clip-path="url(#visits-wide-1)"' in found
    assert "clip7" not in found


def test_what_only_a_script_needs_is_left_out() -> None:
    found = tidy(RAW)
    for noise in (
        "aria-roledescription",
        "graphics-object",
        "aria-hidden",
        "background",
        "mark-rect",
        "xlink",
        "opacity",
    ):
        assert noise not in found
    ET.fromstring(found)


def test_picture_is_one_image_named_by_its_text_alternative_and_its_words_are_not_read() -> None:
    root = ET.fromstring(str(name(tidy(RAW), 'Visits & <b>"cost" rose.')))
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Visits & <b>"cost" rose.')
    drawing = root.find("{http://www.w3.org/2000/svg}g")
    assert drawing is not None
    assert drawing.get("aria-hidden") == "true"
    assert "class" not in root.attrib


def test_request_is_named_by_everything_that_decides_the_picture() -> None:
    code = digest("code")
    names = [
        request_digest("data", "wide", code),
        request_digest("other", "wide", code),
        request_digest("data", "narrow", code),
        request_digest("data", "wide", digest("other code")),
    ]
    assert len(set(names)) == 4
    assert request_digest("data", "wide", code) == names[0]


def test_broken_chart_is_blamed_alone_and_the_others_are_drawn(tmp_path: Path) -> None:
    """After an error vl-convert fails once more with the same error: the chart after it must not suffer."""
    drawings = [
        drawing("first", of("lying")),
        drawing("broken", lambda: {"mark": "nonsense", "data": {"values": [{}]}}),
        drawing("second", of("grouped")),
        drawing("empty", lambda: {"mark": "point", "data": {"values": []}}),
        drawing("outside", lambda: {"mark": "point", "data": {"url": "https://elsewhere.example/"}}),
        drawing("third", of("line")),
    ]
    found = draw(drawings, Store(tmp_path), FONTS, workers=Workers(1))
    assert {figure for figure, _ in found.pictures} == {"first", "second", "third"}
    assert {figure for figure, _ in found.failures} == {"broken", "empty", "outside"}
    assert "no marks" in found.failures["empty", "wide"]
    assert "outside itself" in found.failures["outside", "wide"]
    assert "\n" not in found.failures["broken", "wide"]


def test_failure_says_its_cause(tmp_path: Path) -> None:
    found = draw([drawing("a", lambda: {"mark": "nonsense", "data": {"values": [{}]}})], Store(tmp_path), FONTS)
    assert "TypeError" in found.failures["a", "wide"]


def test_second_drawing_draws_nothing_and_gives_the_same(tmp_path: Path) -> None:
    store = Store(tmp_path)
    seen: list[tuple[int, int]] = []
    first = draw([drawing(n, of(n)) for n in CHARTS], store, FONTS, on_progress=lambda *at: seen.append(at))
    assert (first.drawn, first.remembered, first.failures) == (len(CHARTS), 0, {})
    assert seen[-1] == (len(CHARTS), len(CHARTS))
    second = draw([drawing(n, never) for n in CHARTS], store, FONTS)
    assert (second.drawn, second.remembered) == (0, len(CHARTS))
    assert second.pictures == first.pictures
    for (figure, variant), svg in first.pictures.items():
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert all(found.startswith(f"{figure}-{variant}-") for found in ids)
        assert len(set(ids)) == len(ids)
        assert "<script" not in svg
        assert " style=" not in svg
        assert "#000" not in svg


def test_number_of_workers_and_order_of_the_charts_do_not_change_the_pictures(tmp_path: Path) -> None:
    charts = ["lying", "lines", "dumbbell"]
    many = [f"{n}-{number}" for n in charts for number in range(8)]  # from 20 there is a second process
    work = [drawing(n, of(n.partition("-")[0]), words=WORDS) for n in many]
    first = draw(work, Store(tmp_path / "a"), FONTS, workers=Workers(1))
    second = draw(work[::-1], Store(tmp_path / "b"), FONTS, workers=Workers(2))
    assert (first.drawn, second.drawn) == (len(many), len(many))
    assert first.pictures == second.pictures
    assert first.images == second.images
    assert len(first.images) == len(many)


def size_of(image: bytes) -> tuple[int, int]:
    """Return width and height of a PNG."""
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", image[16:24])
    return width, height


def test_image_is_the_picture_with_its_words_in_twice_as_many_dots(tmp_path: Path) -> None:
    found = draw([drawing("a", of("lying"), words=WORDS), drawing("b", of("lying"))], Store(tmp_path), FONTS)
    root = ET.fromstring(poster(found.pictures["a", "wide"], WORDS))
    assert size_of(found.images["a"]) == (2 * int(root.get("width", "")), 2 * int(root.get("height", "")))
    assert set(found.images) == {"a"}
    pixels = zlib.decompress(found.images["a"][found.images["a"].index(b"IDAT") + 4 : -16])
    assert len(found.images["a"]) < len(pixels) / 40
    bare = draw([drawing("a", of("lying"), words=WORDS)], Store(tmp_path / "bare"), {})
    assert bare.images != found.images, "the image is not written in the font of the project"


def test_changed_words_make_the_image_again_and_not_the_drawing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = draw([drawing("a", of("lying"), words=WORDS)], store, FONTS)
    again = draw([drawing("a", never, words=WORDS)], store, FONTS)
    assert (again.drawn, again.images, again.pictures) == (0, first.images, first.pictures)
    other = draw([drawing("a", never, words=replace(WORDS, title="Visits fell"))], store, FONTS)
    assert (other.drawn, other.pictures) == (0, first.pictures)
    assert other.images != first.images


def test_identical_charts_are_drawn_once(tmp_path: Path) -> None:
    work = [replace(drawing(n, of("lines"), words=replace(WORDS, title=n)), request=digest("same")) for n in ("a", "b")]
    work.append(drawing("c", of("lying")))
    found = draw(work, Store(tmp_path), FONTS, workers=Workers(1))
    assert (found.drawn, found.remembered) == (2, 1)
    assert found.pictures["a", "wide"] == found.pictures["b", "wide"] != found.pictures["c", "wide"]
    assert found.images["a"] != found.images["b"], "each has its own words"
    alone = draw(work[1:2], Store(tmp_path / "alone"), FONTS)
    assert (alone.pictures["b", "wide"], alone.images["b"]) == (found.pictures["b", "wide"], found.images["b"])


def test_viewer_is_made_once_and_is_a_module_without_imports(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert draw([], store, FONTS).viewer == ""
    made = draw([], store, FONTS, with_viewer=True).viewer
    assert re.search(r"export\s*\{[^}]* as default\s*\};?\s*$", made)
    assert not re.search(r"(?m)^import |\bimport\s*[{(\"']", made)
    assert draw([], store, FONTS, with_viewer=True).viewer == made


def test_other_fonts_are_other_pictures(tmp_path: Path) -> None:
    store = Store(tmp_path)
    draw([drawing("a", of("lying"))], store, FONTS)
    assert draw([drawing("a", never)], store, {}).drawn == 1


def test_nothing_to_draw_starts_no_process(tmp_path: Path) -> None:
    found = draw([], Store(tmp_path), FONTS)
    assert (found.drawn, found.remembered, found.pictures) == (0, 0, {})


def test_category_called_url_can_be_drawn(tmp_path: Path) -> None:
    data = {"values": [{"c0": "url", "c2": 1}]}
    found = draw(
        [drawing("a", lambda: {"mark": "bar", "data": data, "encoding": {"x": {"field": "c2"}}})],
        Store(tmp_path),
        FONTS,
    )
    assert found.failures == {}


def test_process_that_is_kept_draws_again_and_again_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    workers = Workers(keeps_one=True)
    try:
        with workers.pool(1, FONTS) as pool:
            first = pool.submit(os.getpid).result()
        with workers.pool(1, FONTS) as pool:
            assert pool.submit(os.getpid).result() == first
            with pytest.raises(BrokenExecutor):
                pool.submit(os._exit, 1).result()
        work = [drawing("first", of("lying"))]
        assert not draw(work, Store(tmp_path), FONTS, workers=workers).failures
    finally:
        workers.close()


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by a signal")
def test_process_that_is_kept_ends_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import os, signal\nfrom generator.charts.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    with Workers(keeps_one=True).pool(1, {}) as pool:\n"
        "        print(pool.submit(os.getpid).result(), flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tmp_path / "parent.py").write_text(script)
    made = subprocess.run(
        [sys.executable, tmp_path / "parent.py"], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for _ in range(100):
        try:
            os.kill(int(made.stdout), 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the process lives on")
