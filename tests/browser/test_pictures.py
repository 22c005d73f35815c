"""The pictures that readers take away open on their own: in place, under the site's policy, and without a network."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Opener
from tests.browser.server import Host
from tests.command import expect_none

pytestmark = pytest.mark.browser

MEASURE = """async () => {
  await document.fonts.ready;
  const plain = (text) => {
    text.style.fontFamily = "'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
    const length = text.getComputedTextLength();
    text.style.fontFamily = '';
    return length;
  };
  const root = document.documentElement, size = root.viewBox.baseVal;
  return {
    title: root.querySelector('title').textContent,
    shipped: [...root.querySelectorAll('text')].every((text) => text.getComputedTextLength() !== plain(text)),
    fonts: [...document.fonts].map((font) => font.status),
    texts: [...root.querySelectorAll('text')].map((element) => element.textContent),
    outside: [...root.querySelectorAll('text')].filter((element) => {
      const place = element.getBoundingClientRect(), whole = root.getBoundingClientRect();
      return place.left < whole.left || place.right > whole.right || place.bottom > whole.bottom;
    }).map((element) => element.textContent),
    width: size.width,
    black: [...root.querySelectorAll('text, path[fill]')].filter(
      (element) => getComputedStyle(element).fill === 'rgb(0, 0, 0)').length,
  };
}"""


@pytest.mark.parametrize("offline", [False, True], ids=["in place", "saved"])
def test_svg_opens_alone_with_its_words_font_and_colours(site: Host, open_page: Opener, *, offline: bool) -> None:
    page = open_page(800, offline=offline)
    asked: list[str] = []
    heard: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: heard.append(message.text) if "Policy" in message.text else None)
    wrong = []
    pictures = sorted((site.site / "figures").glob("*/*.svg"))
    for place in pictures[:3] if offline else pictures:
        page.goto(place.as_uri() if offline else site.url + place.relative_to(site.site).as_posix())
        found = page.evaluate(MEASURE)
        loaded = found["fonts"] == ["loaded"] * 2
        sourced = any(text.startswith("Source: Kent County Council") for text in found["texts"])
        titled = found["title"] and found["texts"][0] and found["title"].startswith(found["texts"][0])
        broken = found["outside"] or found["black"] or found["width"] < 700 or not found["shipped"]
        if not loaded or not sourced or not titled or broken:
            wrong.append(f"{place.name}: {found}")
    expect_none([*wrong, *heard])
    assert len(pictures) > 10
    own = ("file:", "data:") if offline else ("data:", f"{site.url}figures/")
    assert [url for url in asked if not url.startswith(own)] == []


def test_png_opens_at_twice_the_size_of_the_svg(site: Host, open_page: Opener) -> None:
    wrong = []
    pictures = sorted((site.site / "figures").glob("*/*.png"))
    for place in pictures:
        data = place.read_bytes()
        width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
        size = re.search(r'width="([\d.]+)" height="([\d.]+)"', place.with_suffix(".svg").read_text(encoding="utf-8"))
        assert size is not None
        wanted = float(size[1]) * 2, float(size[2]) * 2
        if abs(width - wanted[0]) > 2 or abs(height - wanted[1]) > 2:
            wrong.append(f"{place.name}: {width} x {height}, not {wanted}")
    expect_none(wrong)
    page = open_page(java_script_enabled=False)
    page.goto(site.url + pictures[0].relative_to(site.site).as_posix())
    assert page.evaluate("document.images[0].complete && document.images[0].naturalWidth") > 1400


def test_files_on_the_page_of_a_figure_are_saved_when_they_are_chosen(site: Host, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    place = min((site.site / "figures").glob("*/*.svg"))
    page.goto(f"{site.url}figures/{place.parent.name}/")
    for suffix in ("csv", "svg", "png", "json"):
        links = page.locator(f".downloads a[href$='.{suffix}']")
        assert links.count() == 1, suffix
        with page.expect_download() as loading:
            links.click()
        assert loading.value.suggested_filename.endswith(suffix)
