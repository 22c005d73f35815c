"""`transparency serve` from the first line on the terminal to Ctrl-C, with an editor's browser beside it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Page, expect

from generator.paths import OutputPath
from generator.served import Preview
from generator.server import Server
from tests.browser.conftest import Opener
from tests.command import CHECKOUT, SMALL, write_project
from tests.serving import Serving

pytestmark = [pytest.mark.browser, pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")]

PARKS = """\
---
title: Parks
description: What Small Council says of its parks, a page that nothing else needs.
---
Parks stand beside roads.
"""


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    root = write_project(tmp_path / "project", {**SMALL, "content/roads/parks.md": PARKS})
    copytree(CHECKOUT / "templates", root / "templates")
    made = Serving(root)
    yield made
    made.end()


def test_page_follows_every_edit_and_ctrl_c_ends_the_preview(serving: Serving, open_page: Opener) -> None:
    url = serving.url()
    home = serving.root / "content" / "index.md"
    right = home.read_text(encoding="utf-8")
    page = open_page()
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.goto(url)
    overlay = page.locator("dialog.transparency-overlay")
    assert overlay.count() == 0

    home.write_text(right.replace("## Spending at a glance", "## Spending in one view"), encoding="utf-8")
    expect(page.locator("h2", has_text="Spending in one view")).to_be_visible()
    page.wait_for_load_state()
    assert loads == [url, url]

    wrong = right.replace("Roads are", "[Parks](/no-such-place/) are")
    home.write_text(wrong, encoding="utf-8")
    expect(overlay).to_be_visible()
    expect(overlay).to_contain_text("content/index.md:7:1")
    assert overlay.locator("a").count() == 0, "links to an editor are only for those who ask"
    expect(overlay).to_contain_text("the link '/no-such-place/' leads nowhere")
    assert page.locator("h2", has_text="Spending in one view").count() == 1, "the last good page stays"

    second = open_page()
    second.goto(url + "roads/")
    expect(second.locator("dialog.transparency-overlay")).to_contain_text("content/index.md:7:1")
    assert second.locator("h1").inner_text() == "Roads"
    second.close()

    home.write_text(right.replace("Roads are", "Streets are"), encoding="utf-8")
    expect(page.locator("p", has_text="Streets are")).to_be_visible()
    expect(overlay).to_be_hidden()

    assert serving.interrupt() < 2
    assert serving.process.returncode == 0
    said = "".join(serving.told + serving.errors)
    assert "Traceback" not in said
    assert "Sorry" not in said
    assert "content/index.md:7:1: error[broken-link]" in said
    assert not (serving.root / "site").exists(), "a preview writes no site"


def marked(page: Page) -> bool:
    """Tell whether this is still the page that `mark` saw; a page that is loaded anew has forgotten."""
    return bool(page.evaluate("window.marked === true"))


def mark(page: Page) -> None:
    """Leave a sign in the page, open its first details, and scroll."""
    page.wait_for_load_state()
    page.evaluate("window.marked = true; document.querySelector('details').open = true; window.scrollTo(0, 300)")
    assert page.evaluate("window.scrollY") == 300


def test_styles_and_figures_are_exchanged_in_place_and_words_keep_the_scroll(
    serving: Serving, open_page: Opener
) -> None:
    page = open_page()
    page.set_viewport_size({"width": 1280, "height": 400})
    page.goto(serving.url() + "roads/")
    mark(page)

    extract = serving.root / "content" / "data" / "spending.csv"
    extract.write_text(extract.read_text(encoding="utf-8").replace("131.5", "166.5"), encoding="utf-8")
    expect(page.locator("#roads-by-year .picture-wide svg")).to_contain_text("166.5")
    expect(page.locator("#spending-table table")).to_contain_text("166.5")
    assert marked(page)
    assert page.locator("details").first.evaluate("details => details.open")
    assert page.evaluate("window.scrollY") == 300

    styles = serving.root / "templates" / "assets" / "site.css"
    styles.write_text(styles.read_text(encoding="utf-8") + "h1 { color: rgb(1, 2, 3) }\n", encoding="utf-8")
    expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    assert marked(page)
    assert page.locator("details").first.evaluate("details => details.open")
    assert page.evaluate("window.scrollY") == 300

    words = serving.root / "content" / "roads" / "index.md"
    words.write_text(words.read_text(encoding="utf-8").replace("## Two years", "## Both years"), encoding="utf-8")
    expect(page.locator("h2", has_text="Both years")).to_be_attached()
    page.wait_for_function("window.scrollY === 300")
    assert not marked(page)


def test_every_kind_of_edit_is_seen_in_the_open_pages_and_leaves_the_others_alone(
    serving: Serving, open_page: Opener
) -> None:
    content, templates = serving.root / "content", serving.root / "templates"
    url = serving.url()
    home = open_page()
    roads, green = home.context.new_page(), home.context.new_page()
    for page, address in ((home, ""), (roads, "roads/"), (green, "roads/green/")):
        page.goto(url + address)
    overlay = home.locator("dialog.transparency-overlay")
    value = home.locator("main p a.value")

    def edit(place: Path, old: str, new: str) -> None:
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new), encoding="utf-8")

    @contextmanager
    def seen(what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        print(f"{what}: seen after {time.monotonic() - begun:.2f} s")

    mark(roads)
    with seen("words"):
        edit(content / "index.md", "## Spending at a glance", "## Spending in one view")
        expect(home.locator("h2", has_text="Spending in one view")).to_be_visible()
    with seen("figures"):
        edit(content / "data" / "spending.csv", "131.5", "166.5")
        expect(value).to_have_text("£166.5 million")
    expect(roads.locator("#roads-by-year .picture-wide svg")).to_contain_text("166.5")
    with seen("description of the figures"):
        edit(content / "data" / "spending.yaml", "title: Planned spending", "title: Agreed spending")
        expect(roads.locator("#spending-table th", has_text="Agreed spending")).to_be_attached()
    with seen("styles"):
        edit(templates / "assets" / "site.css", "}", "}\nh1 { color: rgb(1, 2, 3) !important }\n")
        expect(home.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    expect(roads.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    assert marked(roads), "what was exchanged in place did not load the page anew"

    with seen("template"):
        edit(templates / "base.html", "Skip to the content", "Jump to the content")
        expect(home.locator("a.skip")).to_have_text("Jump to the content")
    expect(roads.locator("a.skip")).to_have_text("Jump to the content")
    assert not marked(roads)

    mark(home)
    expect(green.locator("h1")).to_have_text("Page not found")
    with seen("new name"):
        (content / "roads" / "parks.md").rename(content / "roads" / "green.md")
        expect(green.locator("h1")).to_have_text("Parks")
    expect(roads.locator("a[href='green/']")).to_be_attached()
    mark(roads)
    with seen("mistake"):
        edit(content / "index.md", "Roads are", "[Parks](/no-such-place/) are")
        expect(overlay).to_contain_text("the link '/no-such-place/' leads nowhere")
    with seen("mended mistake"):
        edit(content / "index.md", "[Parks](/no-such-place/) are", "Roads are")
        expect(overlay).to_be_hidden()
    assert marked(home)
    assert marked(roads)


HIDES = """
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.hide = (value) => { hidden = value; document.dispatchEvent(new Event("visibilitychange")); };
"""
"""What happens to a tab when another one is chosen; a browser without a screen shows all its tabs at once."""


def test_ten_tabs_all_load_and_follow_though_a_browser_allows_six_connections(open_page: Opener) -> None:
    preview, ready = Preview(), threading.Event()
    preview.publish({OutputPath("index.html"): b"<body><p>old</p></body>"})
    server = Server(preview, 0)
    thread = threading.Thread(target=server.run, args=(lambda url: ready.set(),))
    thread.start()
    try:
        assert ready.wait(10)
        first = open_page()
        tabs = [first, *(first.context.new_page() for _ in range(9))]
        for before, tab in zip([None, *tabs], tabs, strict=False):
            if before:
                before.evaluate("window.hide(true)")
            tab.add_init_script(HIDES)
            tab.goto(server.url)
        preview.publish({OutputPath("index.html"): b"<body><p>new</p></body>"})
        expect(tabs[-1].locator("p")).to_have_text("new")
        for before, tab in zip(tabs[-1:] + tabs, tabs[:-1], strict=False):
            assert tab.locator("p").inner_text() == "old", "a tab that nobody sees waits"
            before.evaluate("window.hide(true)")
            tab.evaluate("window.hide(false)")
            expect(tab.locator("p")).to_have_text("new")
    finally:
        server.stop()
        thread.join(10)


def test_site_that_is_wrong_from_the_start_appears_once_it_is_mended(tmp_path: Path, open_page: Opener) -> None:
    root = write_project(tmp_path / "project")
    home = root / "content" / "index.md"
    right = home.read_text(encoding="utf-8")
    home.write_text(right.replace("kind: bar", "kind: pie"), encoding="utf-8")
    serving = Serving(root, "--editor-url", "vscode://file/{path}:{line}:{column}")
    try:
        page = open_page()
        page.goto(serving.url())
        place = page.locator("dialog.transparency-overlay .transparency-place a").first
        expect(place).to_have_text("content/index.md:12:7")
        expect(place).to_have_attribute("href", f"vscode://file{home.resolve().as_posix()}:12:7")
        home.write_text(right, encoding="utf-8")
        expect(page.locator("h1")).to_have_text("Small in figures")
        assert serving.interrupt() < 2
    finally:
        serving.end()
