"""Exploring a chart: asked for by a reader, under the security policy of the site, by pointer, finger and keyboard."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.server import Host
from tests.browser.test_site import SIDEWAYS, violations, watched
from tests.command import expect_none, sample

pytestmark = pytest.mark.browser

PAIRS, STACKED, LINES = "figures/example-dumbbell/", "figures/example-stacked/", "figures/example-line/"
MARKS = """() => [...document.querySelectorAll('main .viewer')].filter((box) => box.checkVisibility()).map((box) =>
  [...box.querySelectorAll('path')].filter((path) => path.__data__?.tooltip).map((path) => ({
    words: path.__data__.tooltip, top: path.getBoundingClientRect().top, left: path.getBoundingClientRect().left,
    right: path.getBoundingClientRect().right})))[0]"""


def opened(page: Page, address: str) -> Page:
    """Open the page of a figure and its viewer, as a reader without a pointer does."""
    page.goto(address)
    page.get_by_role("button", name="Explore this chart").press("Enter")
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    return page


def named(page: Page) -> list[str]:
    """Return the words of the marks that are shown, in the order of the rows."""
    found = page.evaluate(MARKS)
    return list(dict.fromkeys(mark["words"] for mark in sorted(found, key=lambda mark: round(mark["top"]))))


def status(page: Page) -> str:
    return page.locator(".explore [role=status]").inner_text()


def test_viewer_is_loaded_when_asked_for_and_breaks_no_rule(site: Host, open_page: Opener) -> None:
    page = open_page()
    heard = watched(page, site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url + PAIRS, wait_until="networkidle")
    assert [url for url in asked if "viewer." in url or url.endswith(".json")] == []
    assert page.locator(".viewer").count() == 0
    opened(page, site.url + PAIRS)
    assert len([url for url in asked if re.search(r"/assets/viewer\.[0-9a-f]{10}\.js$", url)]) == 1
    for name in ("Next value", "12 months to March 2023", "By size", "Close"):
        page.get_by_role("button", name=name).click()
    page.wait_for_load_state("networkidle")
    expect_none([*heard, *page.evaluate("window.violations")])


def test_only_pages_of_charts_have_the_script_and_none_asks_for_the_viewer(site: Host) -> None:
    charts = {place.parent.name for place in (site.site / "figures").glob("*/explore.json")}
    assert len(charts) > 20
    assert set(site.pages("<script")) == {f"figures/{name}/" for name in charts}
    assert [url for url in site.pages("assets/viewer.") if not url.startswith("figures/")] == []


def test_page_of_a_figure_stays_light(site: Host) -> None:
    for url in (PAIRS, STACKED, LINES):
        page = (site.site / url / "index.html").read_bytes()
        names = re.findall(rb'(?:href|src)="[^"]*(assets/(?:site|explore|icon)\.[0-9a-f]+\.\w+)"', page)
        files = [page, *((site.site / name.decode()).read_bytes() for name in names)]
        assert len(files) == 4, "the page, its styles, its icon and its script; two fonts apart"
        assert sum(len(gzip.compress(data)) for data in files) < 30_000


def test_chart_stands_without_scripts_and_says_why_it_cannot_be_explored(site: Host, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.url + PAIRS)
    assert page.get_by_role("button").count() == 0
    assert page.locator(".chart svg").first.is_visible()
    assert "needs JavaScript" in page.locator("#explore_this").inner_text()


def test_pointing_at_a_mark_says_what_it_is(site: Host, open_page: Opener) -> None:
    page = opened(open_page(), site.url + PAIRS)
    mark = page.evaluate(MARKS)[0]
    page.mouse.move((mark["left"] + mark["right"]) / 2, mark["top"] + 5)
    tip = page.locator(".explore-tip")
    expect(tip).to_be_visible()
    assert re.fullmatch(r"Adult Social Care, 12 months to March 2023: 106 thousand calls", tip.inner_text())
    assert status(page) == tip.inner_text()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_values_are_read_one_after_another_by_keyboard(site: Host, open_page: Opener) -> None:
    page = opened(open_page(360), site.url + PAIRS)
    page.get_by_role("button", name="Next value").focus()
    heard = []
    for _ in range(3):
        page.keyboard.press("Enter")
        heard.append(status(page))
        assert page.locator(".explore-at").count() == 1
        expect(page.locator(".explore-tip")).to_be_visible()
    assert len(set(heard)) == 3
    page.get_by_role("button", name="Previous value").press("Space")
    assert status(page) == heard[1]


def test_series_are_hidden_and_shown_by_keyboard(site: Host, open_page: Opener) -> None:
    page = opened(open_page(), site.url + PAIRS)
    first, second = (page.get_by_role("button", name=f"12 months to March {year}") for year in (2023, 2024))
    every = named(page)
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_have_attribute("aria-pressed", "false")
    expect(first).to_be_focused()
    expect(page.locator(".explore [role=status]")).to_have_text("12 months to March 2023 is hidden.")
    assert {words.partition(": ")[0].rpartition(" ")[2] for words in named(page)} == {"2024"}
    assert page.locator(".viewer:visible text").count() < len(every) * 2
    second.press("Enter")
    assert "needs one" in status(page)
    expect(second).to_have_attribute("aria-pressed", "true")
    first.press("Enter")
    expect(page.locator(".explore [role=status]")).to_have_text("12 months to March 2023 is shown.")
    assert named(page) == every


def test_stack_closes_up_when_one_of_its_parts_is_hidden(site: Host, open_page: Opener) -> None:
    page = opened(open_page(), site.url + STACKED)

    def ends() -> dict[str, tuple[float, float]]:
        return {mark["words"]: (mark["left"], mark["right"]) for mark in page.evaluate(MARKS)}

    before = ends()
    page.get_by_role("button", name="Improving").press("Enter")
    expect(page.locator(".explore [role=status]")).to_have_text("Improving is hidden.")
    after = ends()
    name = next(words for words in before if words.startswith("Children") and "Stable" in words)
    zero = min(left for left, _ in before.values())
    assert before[name][0] > zero + 5
    assert abs(after[name][0] - zero) < 2
    assert abs((after[name][1] - after[name][0]) - (before[name][1] - before[name][0])) < 1


def test_rows_are_sorted_by_size_and_put_back_by_keyboard(site: Host, open_page: Opener) -> None:
    page = opened(open_page(), site.url + "figures/haf-places-offered-and-taken-up/")
    printed, sorted_ = (page.get_by_role("button", name=name) for name in ("As printed", "By size"))
    expect(printed).to_have_attribute("aria-pressed", "true")
    before = named(page)
    sorted_.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".explore [role=status]")).to_have_text("Largest first, by Places offered.")
    offered = [words for words in named(page) if ", Places offered: " in words]
    sizes = [int(words.rpartition(": ")[2].split()[0].replace(",", "")) for words in offered]
    assert sizes == sorted(sizes, reverse=True)
    assert named(page) != before
    expect(sorted_).to_be_focused()
    expect(sorted_).to_have_attribute("aria-pressed", "true")
    names = {
        words: page.locator(f'.viewer:visible text:text-is("{words}")').bounding_box()
        for words in ("Easter 2021", "Summer 2022", "Summer 2021")
    }
    assert min(names, key=lambda name: box["y"] if (box := names[name]) else 0) == offered[0].partition(",")[0]
    printed.press("Space")
    expect(page.locator(".explore [role=status]")).to_have_text("In the order of the paper.")
    assert named(page) == before


def test_focus_goes_into_the_viewer_and_back_and_the_picture_returns(site: Host, open_page: Opener) -> None:
    page = opened(open_page(), site.url + LINES)
    expect(page.get_by_role("group", name="Explore this chart")).to_be_focused()
    picture = page.locator(".picture-wide > svg")
    expect(picture).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Government grants")).to_be_focused()
    page.get_by_role("button", name="Close").press("Enter")
    expect(picture).to_be_visible()
    expect(page.get_by_role("button", name="Explore this chart")).to_be_focused()
    assert page.locator(".viewer").count() == 0


def test_link_of_another_page_opens_the_viewer_below_a_folder(nested_site: Host, open_page: Opener) -> None:
    page = open_page()
    heard = watched(page, nested_site)
    page.goto(nested_site.url + "help/charts/")
    page.get_by_role("link", name=re.compile("^Explore this chart")).first.click()
    assert page.url.startswith(nested_site.url + "figures/")
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    assert page.locator(".viewer:visible").count() == 1
    expect_none([*heard, *page.evaluate("window.violations")])


def test_viewer_that_does_not_come_leaves_the_picture(site: Host, open_page: Opener) -> None:
    page = open_page()
    page.route("**/viewer.*", lambda route: route.abort())
    page.goto(site.url + PAIRS)
    page.get_by_role("button", name="Explore this chart").click()
    expect(page.locator(".explore [role=status]")).to_contain_text("could not be loaded")
    assert page.locator(".picture-wide > svg").is_visible()
    expect(page.get_by_role("button", name="Explore this chart")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_open_viewer_meets_wcag_and_the_rules_for_words(
    site: Host, open_page: Opener, axe: str, width: int, scheme: str
) -> None:
    page = open_page(width, color_scheme=scheme, bypass_csp=True)
    wrong = []
    for url in (PAIRS, STACKED, LINES):
        opened(page, site.url + url).get_by_role("button", name="Next value").click()
        wrong += [f"{url} {text}" for text in [*violations(page, axe), *page.evaluate(SIDEWAYS)]]
        for box in page.locator(".explore button:visible").all():
            size = box.bounding_box()
            assert size is not None
            wrong += [f"{url} {box.inner_text()}: {size}"] if min(size["width"], size["height"]) < 24 else []
    expect_none(wrong)


def test_every_chart_can_be_explored(site: Host, open_page: Opener) -> None:
    page = open_page(320)
    heard = watched(page, site)
    wrong = []
    names = [f"figures/{place.parent.name}/" for place in (site.site / "figures").glob("*/explore.json")]
    for name in sample(sorted(names), 25):
        opened(page, site.url + name)
        page.get_by_role("button", name="Next value").click()
        if ": " not in status(page) or page.locator(".explore-at").count() != 1:
            wrong.append(f"{name}: {status(page)}")
    expect_none([*wrong, *heard])


def test_script_is_small() -> None:
    script = Path(__file__).parents[2] / "templates" / "assets" / "explore.js"
    assert len(gzip.compress(script.read_bytes())) < 4_000
