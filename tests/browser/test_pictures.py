"""The pictures that readers take away open on their own, without the site and without a network."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opener
from tests.browser.server import Host
from tests.command import expect_none

pytestmark = pytest.mark.browser

MEASURE = """async () => {
  await document.fonts.ready;
  const root = document.documentElement, size = root.viewBox.baseVal;
  return {
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


def test_svg_opens_alone_with_its_words_font_and_colours(site: Host, open_page: Opener) -> None:
    page = open_page(800, offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wrong = []
    pictures = sorted((site.site / "figures").glob("*/*.svg"))
    for place in pictures:
        page.goto(place.as_uri())
        found = page.evaluate(MEASURE)
        loaded = found["fonts"] == ["loaded"] * 2
        sourced = any(text.startswith("Source: Kent County Council") for text in found["texts"])
        if not loaded or not sourced or found["outside"] or found["black"] or found["width"] < 700:
            wrong.append(f"{place.name}: {found}")
    expect_none(wrong)
    assert len(pictures) > 10
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
