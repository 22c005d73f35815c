"""The real site in a real browser: without scripts, for assistive technology, on phones, and below a folder."""

from __future__ import annotations

import csv
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.server import Host
from tests.command import FULL, expect_none, sample

pytestmark = pytest.mark.browser

FIGURES = """() => [...document.querySelectorAll('main figure')].map((figure) => {
  const shown = (element) => {
    const {width, height} = element.getBoundingClientRect();
    return element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && width > 1 && height > 1;
  };
  const pictures = [...figure.querySelectorAll('svg')];
  const table = figure.querySelector('details table') || figure.querySelector('table');
  const details = figure.querySelector('details');
  const open = Boolean(details && details.open);
  if (details) details.open = true;
  const found = {
    id: figure.id,
    pictures: pictures.length,
    shown: pictures.filter(shown).length,
    details: Boolean(table && table.closest('details') && figure.contains(table.closest('details'))),
    open,
    table: Boolean(table && shown(table) && table.rows.length > 1 && table.rows[1].cells.length > 1),
  };
  if (details) details.open = open;
  return found;
})"""


def test_figures_are_whole_without_scripts(site: Host, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    wrong, drawn, bare = [], 0, 0
    for url in sample(site.pages("<figure")):
        page.goto(site.url + url)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for figure in page.evaluate(FIGURES):
                if figure["pictures"]:
                    drawn += 1
                    good = figure["shown"] == 1 and figure["details"] and not figure["open"] and figure["table"]
                else:
                    bare += 1
                    good = not figure["details"] and figure["table"]
                if not good:
                    wrong.append(f"/{url} at {width} px: {figure}")
    expect_none(wrong)
    assert drawn > 0
    assert bare > 0


def test_table_of_a_chart_opens_by_keyboard_without_scripts(site: Host, open_page: Opener) -> None:
    page = open_page(360, java_script_enabled=False)
    page.goto(site.url + site.pages("<details>")[0])
    summary, table = page.locator("figure details > summary").first, page.locator("figure details table").first
    assert not table.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert table.is_visible()


LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def samples(site: Host) -> list[str]:
    """Return a page of each kind, the gallery of charts, the pages of three charts; or all pages."""
    pages = site.pages()
    if FULL:
        return pages
    section = next(url for url in pages if url.count("/") == 1 and url not in ("", "data/"))
    long_list = next((url for url in pages if url.endswith("/proposals/")), "data/")
    dataset = next(url for url in pages if re.fullmatch(r"data/[a-z0-9-]+/", url) and url != "data/sources/")
    source = next(url for url in pages if re.fullmatch(r"data/sources/[a-z0-9-]+/", url))
    figures = [url for url in site.pages("<svg") if url.startswith("figures/")]
    drawn = [figures[0], figures[len(figures) // 2], figures[-1]]
    return ["", section, long_list, "data/", dataset, source, "404.html", "help/charts/", "figures/", *drawn]


def violations(page: Page, axe: str) -> list[str]:
    """Return what breaks WCAG 2.2 A and AA on the open page."""
    page.evaluate(axe)
    options = json.dumps({"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(document, {options}).then((result) => result.violations)")
    return [f"{v['id']}: {node['target']} {node['failureSummary'][:300]}" for v in found for node in v["nodes"]]


PARTS = 8 if FULL else 2
RUNS = [
    pytest.param(width, scheme, opened, part, id=f"{width} px, {scheme}{', all open' if opened else ''}, part {part}")
    for width in (320, 1280)
    for scheme in ("light", "dark")
    for opened in (False, True)
    for part in range(PARTS)
    if FULL or (opened == ((width, scheme) == (1280, "dark")) and part == ((width == 320) == (scheme == "light")))
]
"""Each part of the pages at each width in each colour scheme, closed and with all details open.

Unless everything is tested, a page is looked at narrow in one scheme and wide in the other, and opened in one run.
"""


@pytest.mark.parametrize(("width", "scheme", "opened", "part"), RUNS)
def test_pages_meet_wcag(
    site: Host, open_page: Opener, axe: str, width: int, scheme: str, opened: bool, part: int
) -> None:
    page = open_page(width, color_scheme=scheme, bypass_csp=True)
    found = []
    for url in samples(site)[part::PARTS]:
        page.goto(site.url + url)
        if opened:
            page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
        found += [f"/{url} {text}" for text in violations(page, axe)]
    expect_none(dict.fromkeys(found))


def test_check_for_wcag_finds_what_is_broken(open_page: Opener, axe: str) -> None:
    page = open_page()
    page.set_content("<!doctype html><html><title>T</title><img src='data:,'><p style='color: #ccc'>pale</p></html>")
    assert {text.partition(":")[0] for text in violations(page, axe)} >= {
        "color-contrast",
        "html-has-lang",
        "image-alt",
    }


LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


def watched(page: Page, site: Host) -> list[str]:
    """Return a list that fills with whatever goes wrong on *page* from now on."""
    heard: list[str] = []
    host = urlsplit(site.url).netloc

    def on_request(url: str) -> None:
        if urlsplit(url).netloc != host:
            heard.append(f"asks another host: {url}")

    def on_failure(url: str, reason: str) -> None:
        if reason != "net::ERR_ABORTED":  # the page was left before its icon had come, or a file was saved
            heard.append(f"fails: {url} {reason}")

    page.add_init_script(LISTEN)
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: on_request(request.url))
    page.on("requestfailed", lambda request: on_failure(request.url, request.failure or ""))
    page.on("response", lambda answer: heard.append(f"{answer.status}: {answer.url}") if answer.status > 399 else None)
    return heard


def test_pages_load_nothing_else_and_obey_the_policy(site: Host, open_page: Opener) -> None:
    page = open_page(320)
    heard = watched(page, site)
    wrong = []
    for url in sample(site.pages()):
        answer = page.goto(site.url + url, wait_until="networkidle" if FULL else "load")
        assert answer is not None
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        page.evaluate("document.fonts.ready.then(() => null)")
        wrong += [f"/{url} {text}" for text in [*heard, *page.evaluate("window.violations")]]
        heard.clear()
    expect_none(wrong)


def test_watch_over_pages_hears_what_goes_wrong(site: Host, open_page: Opener) -> None:
    page = open_page()
    heard = watched(page, site)
    page.goto(site.url)
    page.evaluate("""async () => {
      document.body.setAttribute('style', 'color: red');
      for (const src of ['https://other.invalid/a.png', '/missing.png']) {
        const image = new Image();
        const loaded = new Promise((resolve) => { image.onload = image.onerror = resolve; });
        image.src = src;
        await loaded;
      }
    }""")
    assert any("other.invalid" in text for text in heard)
    assert any(text.startswith("404: ") for text in heard)
    assert {text.partition(" ")[0] for text in page.evaluate("window.violations")} == {"style-src-attr", "img-src"}


SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (element) => element && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX)
    || scrolls(element.parentElement));
  const wide = [...document.body.querySelectorAll('*')].filter((element) =>
    element.getBoundingClientRect().right > width + 0.5 && !scrolls(element.parentElement));
  return wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)).concat(
    [`${document.documentElement.scrollWidth} px in ${width}`]);
}"""


TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""


def test_no_page_scrolls_sideways_on_a_small_phone(site: Host, open_page: Opener) -> None:
    page = open_page(320, bypass_csp=True)
    wide = []
    for url in sample(site.pages()):
        page.goto(site.url + url)
        wide += [f"/{url} {text}" for text in page.evaluate(SIDEWAYS)]
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
        wide += [f"/{url} (all open) {text}" for text in page.evaluate(SIDEWAYS)]
        page.add_style_tag(content=TEXT_SPACING)
        wide += [f"/{url} (text spacing of WCAG 1.4.12) {text}" for text in page.evaluate(SIDEWAYS)]
    expect_none(wide)


def test_site_below_a_folder_leads_from_home_to_a_file(nested_site: Host, open_page: Opener) -> None:
    page = open_page()
    heard = watched(page, nested_site)
    page.goto(nested_site.url)
    assert page.locator("link[rel=canonical]").get_attribute("href") == "https://example.org/finance/"

    page.locator("main .children .card a").first.click()
    section = page.url
    assert urlsplit(section).path.startswith("/finance/")
    for _ in range(4):  # sections hold pages, pages hold figures
        about = page.locator("main a", has_text="About this data")
        (about if about.count() else page.locator("main .card a")).first.click()
        if re.search(r"/finance/data/[a-z0-9-]+/$", page.url):
            break
    dataset = page.url.rstrip("/").rpartition("/")[2]
    assert page.locator(".kind-dataset").count() == 1, f"no dataset was reached from {section}"

    with page.expect_download() as loading:
        page.locator("main a[download]").first.click()
    saved = loading.value.path()
    assert loading.value.suggested_filename == f"{dataset}.csv"
    assert saved.read_bytes() == (nested_site.site / "data" / dataset / f"{dataset}.csv").read_bytes()
    with saved.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.reader(stream))) > 1
    expect_none(heard)


@pytest.mark.parametrize("address", ["no-such-page/", "budget/no/such/page/", "data/none.csv"])
def test_page_for_unknown_addresses_works_at_any_depth(nested_site: Host, open_page: Opener, address: str) -> None:
    page = open_page()
    answer = page.goto(nested_site.url + address)
    assert answer is not None
    assert answer.status == 404
    assert page.evaluate("[...document.styleSheets].map((sheet) => sheet.cssRules.length > 10)") == [True]
    assert (
        page.evaluate("document.fonts.ready.then((fonts) => [...fonts].filter((f) => f.status == 'error').length)") == 0
    )
    for target in page.evaluate("[...document.querySelectorAll('a')].map((link) => link.href)"):
        if urlsplit(target).netloc == urlsplit(nested_site.url).netloc:
            assert page.request.get(target).status == (404 if "#" in target else 200), target
    page.locator("main a").first.click()
    assert page.locator("h1").inner_text() != "Page not found"
    assert urlsplit(page.url).path.startswith("/finance/")
