"""Every chart of the real site can be read: in light, dark, print and forced colours, by colour-blind eyes and by ear.

The charts are those that the built site holds, whatever they are: a new one is tested without a word here.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import combinations, pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from generator.charts.theme import SERIES
from tests.browser.conftest import Opener
from tests.browser.server import Host
from tests.command import expect_none

pytestmark = pytest.mark.browser

FIGURE = re.compile(
    r'<figure class="figure" id="([^"]+)">(?:(?!</figure>).)*?<div class="chart">.*?</figure>', re.DOTALL
)
GALLERY = "help/charts/"


def charts(site: Host) -> dict[str, str]:
    """Return the markup of the figure of each chart, by id, as it stands on an authored page."""
    found: dict[str, str] = {}
    for url in site.pages('<div class="chart">'):
        if not url.startswith("figures/"):
            text = (site.site / url / "index.html").read_text(encoding="utf-8")
            found |= {match[1]: match[0] for match in FIGURE.finditer(text)}
    return found


@pytest.fixture(scope="module")
def harness(browser: Browser, site: Host) -> Iterator[Page]:
    """Return one page with every chart of the site, in a browser without scripts."""
    home = (site.site / "index.html").read_text(encoding="utf-8")
    style = re.search(r'<link rel="stylesheet" href="([^"]+)">', home)
    assert style is not None
    head = f'<!doctype html><title>Charts</title><link rel="stylesheet" href="{site.url}{style[1]}">'
    body = f'<div class="columns"><div class="prose">{"".join(charts(site).values())}</div></div>'
    text = f'{head}<div class="wrap page"><main>{body}</main></div>'
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route("**/all-charts/", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.goto(f"{site.url}all-charts/")
    page.evaluate("document.fonts.ready.then(() => null)")
    yield page
    context.close()


def test_harness_holds_every_chart_of_the_site(site: Host, harness: Page) -> None:
    shown = harness.evaluate("[...document.querySelectorAll('figure')].map((figure) => figure.id)")
    own = [place.parent.name for place in (site.site / "figures").glob("*/spec.json")]
    assert sorted(shown) == sorted(own)
    assert len(shown) > 10


SEEN = """() => {
  const scale = (text) => text.startsWith('color(srgb') ? 255 : 1;  // what CSS mixes
  const colour = (text) => (text.match(/[\\d.]+/g) || []).slice(0, 3).map((part) => Number(part) * scale(text));
  const painted = (element, value) => {
    const pattern = /url\\("#(.+?)"\\)/.exec(value);
    if (!pattern) return {colour: colour(value), pattern: ''};
    const tile = document.getElementById(pattern[1]);
    return {colour: colour(getComputedStyle(tile.querySelector('rect')).fill), pattern: pattern[1].slice(-6)};
  };
  return [...document.querySelectorAll('main .chart svg')].filter((svg) => svg.checkVisibility()).map((svg) => {
    const plate = colour(getComputedStyle(svg).backgroundColor);
    const shapes = [...svg.querySelectorAll('path, line, rect')].filter((e) => !e.closest('defs')).map((element) => {
      const style = getComputedStyle(element), isLine = element.tagName === 'line';
      const fill = style.fill !== 'none' && !isLine && painted(element, style.fill);
      const stroke = style.stroke !== 'none' && {...painted(element, style.stroke), pattern: ''};
      const letters = (element.getAttribute('d') || element.tagName).replace(/[^A-Za-z]/g, '');
      const token = element.getAttribute(fill ? 'fill' : 'stroke') || '';
      const rim = getComputedStyle(element).strokeDasharray;
      return {element, fill, stroke, box: element.getBoundingClientRect(), token, dash: fill ? '' : rim,
        shape: element.hasAttribute('transform') && fill ? letters : '', hidden: !fill && !stroke};
    }).filter((shape) => !shape.hidden && shape.box.width + shape.box.height > 0.5);
    const under = (x, y, last) => {
      for (let n = last - 1; n >= 0; n--) {
        const shape = shapes[n], {element, box, fill, stroke} = shape;
        if (x < box.left - 2 || x > box.right + 2 || y < box.top - 2 || y > box.bottom + 2) continue;
        shape.inverse ??= element.getScreenCTM().inverse();
        const point = new DOMPoint(x, y).matrixTransform(shape.inverse);
        if (fill && element.isPointInFill(point)) return [...fill.colour, Number(shape.token.includes('grid'))];
        if (stroke && element.isPointInStroke(point)) return [...stroke.colour, 0];
      }
      return [...plate, 0];
    };
    const around = (box, across, down) => {
      const x = [box.left - across, (box.left + box.right) / 2, box.right + across];
      const y = [box.top - down, (box.top + box.bottom) / 2, box.bottom + down];
      return [0, 1, 2].flatMap((i) => [0, 1, 2].filter((j) => i !== 1 || j !== 1).map((j) => [x[i], y[j]]));
    };
    const marks = shapes.map(({fill, stroke, box, token, dash, shape}, n) => ({
      token: /--chart-(\\w+)/.exec(fill && fill.pattern ? `--chart-${fill.pattern.slice(-1)}` : token)?.[1] || token,
      colour: (fill || stroke).colour, besides: [(fill || {}).pattern || '', shape, dash].join(' '),
      grounds: around(box, 1.5, 1.5).map(([x, y]) => under(x, y, n)),
    }));
    const words = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim()).map((text) => {
      const shapesBelow = shapes.filter(({element}) => element.compareDocumentPosition(text) & 4).length;
      const box = text.getBoundingClientRect();
      const points = [...around(box, -1, -box.height / 4), [(box.left + box.right) / 2, (box.top + box.bottom) / 2]];
      return {words: text.textContent.trim(), colour: colour(getComputedStyle(text).fill),
        grounds: points.map(([x, y]) => under(x, y, shapesBelow))};
    });
    return {id: svg.closest('figure').id, plate, marks, words};
  });
}"""
"""What is painted in each drawing shown: colours resolved, and what lies below and around each mark and word."""

Colour = tuple[float, float, float]
ORDINARY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
EYES = {
    "ordinary": ORDINARY,
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Matrices for linear RGB at severity 1.0, from G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer
Graphics 15 (2009)."""
TEXT, MARK, SIMULATED = 4.5, 3.0, 2.5
"""Least contrast.  The formula of WCAG speaks of ordinary vision; two colours of the Analysis Function's palette have
3.03 and 3.17 on white, which a simulation moves to 2.64 at the least.  These eyes need the second rule below."""
DECORATION = ("grid", "plate")
"""Grid lines, tracks and rims carry no value."""


@cache
def light(colour: Colour, eyes: str) -> float:
    """Return the relative luminance (WCAG 2.2) that a colour has for some eyes.

    >>> round(light((255, 255, 255), "deuteranopia"), 2)
    1.0
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in colour)]
    seen = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in EYES[eyes]]
    return 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]


def contrast(one: Colour, other: Colour, eyes: str = "ordinary") -> float:
    """Return the contrast of two colours.

    >>> round(contrast((0, 0, 0), (255, 255, 255))), round(contrast((18, 67, 109), (255, 255, 255)), 2)
    (21, 10.25)
    """
    dark, bright = sorted((light(one, eyes), light(other, eyes)))
    return (bright + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Series:
    """The marks of one colour in a drawing."""

    token: str
    colour: Colour
    besides: frozenset[str]
    """Their patterns, shapes and dashes."""


def faults(drawing: dict[str, Any], eyes: str) -> Iterator[str]:
    """Yield what cannot be read in a drawing, by two rules.

    1. A word has 4.5:1 with whatever lies below it; a mark 3:1 with at least half of what lies around it, and with
       the track upon which it lies.
    2. Marks of two series or ratings differ in pattern, shape or dash whatever their colours are: so neighbours can be
       told apart by every eye, and colour never speaks alone.
    """
    for text in drawing["words"]:
        worst = min(contrast(tuple(text["colour"]), tuple(ground[:3]), eyes) for ground in text["grounds"])
        if worst < TEXT:
            yield f"'{text['words']}' has {worst:.2f}:1"
    series: dict[str, Series] = {}
    for mark in drawing["marks"]:
        colour, token = tuple(mark["colour"]), mark["token"]
        if token in DECORATION:
            continue
        others = [ground for ground in mark["grounds"] if ground[:3] != mark["colour"]]
        around = [contrast(colour, tuple(ground[:3]), eyes) for ground in others]
        least = MARK if eyes == "ordinary" else SIMULATED
        hidden = [found for found in around if found < least]
        on_track = any(found < least for found, ground in zip(around, others, strict=True) if ground[3])
        if on_track or len(hidden) * 2 > len(around):
            yield f"a mark in {token} has {', '.join(f'{found:.2f}' for found in around)} to 1 around it"
        known = series.get(token, Series(token, colour, frozenset()))
        series[token] = Series(token, colour, known.besides | {mark["besides"]})
    told = [found for found in series.values() if found.token not in ("ink", "soft", "axis", "muted")]
    for one, other in combinations(told, 2):
        if one.besides == other.besides:
            yield f"{one.token} and {other.token} differ in colour alone ({contrast(one.colour, other.colour):.2f}:1)"


VIEWS = {
    "light": ((320, 1280), {"color_scheme": "light"}),
    "dark": ((320, 1280), {"color_scheme": "dark"}),
    "forced colours": ((320,), {"forced_colors": "active"}),
    "print": ((1280,), {"media": "print", "color_scheme": "dark"}),
}
"""How the same drawings are shown, and at which widths they are looked at."""
PLAIN = {"media": "screen", "color_scheme": "light", "forced_colors": "none"}


@pytest.mark.parametrize("view", VIEWS)
def test_marks_and_words_stand_out_and_colour_never_speaks_alone(harness: Page, view: str) -> None:
    widths, media = VIEWS[view]
    harness.emulate_media(**{**PLAIN, **media})  # type: ignore[arg-type]
    wrong: list[str] = []
    for width in widths:
        harness.set_viewport_size({"width": width, "height": 900})
        drawings = harness.evaluate(SEEN)
        assert len({drawing["id"] for drawing in drawings}) == len(drawings) > 10
        for drawing in drawings:
            assert drawing["marks"], drawing["id"]
            assert drawing["words"], drawing["id"]
            if view == "print" and drawing["plate"] != [255, 255, 255]:
                wrong.append(f"{drawing['id']} is not on white")
            for eyes in EYES if view in ("light", "dark") else ("ordinary",):
                wrong += [f"{drawing['id']} at {width} px, {eyes}: {text}" for text in faults(drawing, eyes)]
    expect_none(dict.fromkeys(wrong))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neighbours_in_the_palette_have_contrast_with_each_other(harness: Page, scheme: str) -> None:
    harness.emulate_media(**{**PLAIN, "color_scheme": scheme})  # type: ignore[arg-type]
    wrong = []
    for palette in SERIES.values():
        names = [name.removeprefix("var(").removesuffix(")") for name in palette]
        values = harness.evaluate(
            "(names) => names.map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))", names
        )
        parts = [bytes.fromhex(value.strip().removeprefix("#")) for value in values]
        colours: list[Colour] = [(red, green, blue) for red, green, blue in parts]
        found = [contrast(one, other) for one, other in pairwise(colours)]
        wrong += [f"{names}: {ratio:.2f}" for ratio in found if ratio < MARK]
    expect_none(wrong)


SIZES = """() => {
  const wrong = [];
  let measured = 0;
  for (const svg of document.querySelectorAll('main .chart svg')) {
    const frame = svg.getBoundingClientRect();
    if (!svg.checkVisibility() || !frame.width) continue;
    const name = svg.closest('figure').id;
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() && text.checkVisibility());
    const boxes = texts.map((text) => {
      const box = text.getBoundingClientRect(), matrix = text.getScreenCTM();
      const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(matrix.a, matrix.b);
      return {box, size, turned: Math.abs(matrix.b) > 0.01, words: text.textContent.trim()};
    });
    measured += boxes.length;
    const room = svg.closest('.chart'), style = getComputedStyle(room);
    const column = room.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (frame.width < Math.min(column, 680) - 1 && (innerWidth <= 320 || innerWidth >= 1280)) {
      wrong.push(`${name}: ${frame.width.toFixed(0)} px wide in a column of ${column.toFixed(0)} px`);
    }
    boxes.forEach(({box, size, turned, words}, n) => {
      const out = [frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom];
      const most = Math.max(...out);
      if (most > 1) wrong.push(`${name}: '${words}' is cut by ${most.toFixed(1)} px (left, right, top or bottom: `
        + `${out.map((x) => x.toFixed(1)).join(', ')})`);
      if (size < 11.95) wrong.push(`${name}: '${words}' is ${size.toFixed(1)} px high`);
      if (turned) wrong.push(`${name}: '${words}' is turned`);
      for (const other of boxes.slice(n + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 1) {
          wrong.push(`${name}: '${words}' and '${other.words}' overlap by `
            + `${across.toFixed(1)} x ${down.toFixed(1)} px`);
        }
      }
    });
  }
  return {wrong, measured};
}"""


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_words_are_large_whole_and_apart_and_the_drawing_uses_its_column(harness: Page, width: int) -> None:
    harness.emulate_media(**PLAIN)  # type: ignore[arg-type]
    harness.set_viewport_size({"width": width, "height": 900})
    found = harness.evaluate(SIZES)
    expect_none(found["wrong"])
    assert found["measured"] > 100


PAPER = 672
"""CSS pixels across a sheet of A4 between the margins of the style sheet."""
PRINTED = """() => {
  const seen = (element) => element && element.checkVisibility() && element.getBoundingClientRect().height > 0;
  const shown = (selector, inside = document) => [...inside.querySelectorAll(selector)].filter(seen);
  const wrong = [];
  const say = (elements, what) => elements.forEach((e) => wrong.push(`${what}: ${e.textContent.trim().slice(0, 60)}`));
  if (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') wrong.push('the sheet is not white');
  say(shown('nav, summary, button, input, dialog'), 'is of no use on paper');
  for (const figure of document.querySelectorAll('main figure:has(.chart)')) {
    const name = figure.id;
    if (shown('svg', figure).length !== 1) wrong.push(`${name}: ${shown('svg', figure).length} drawings`);
    say(shown('.provenance a[download], .provenance span:not(:first-child)', figure), `${name}: a menu`);
    if (!shown('.provenance', figure).some((e) => e.innerText.startsWith('Source:'))) wrong.push(`${name}: no source`);
    if (figure.querySelector('figcaption') && !shown('figcaption h3', figure).length) wrong.push(`${name}: no title`);
    for (const svg of shown('svg', figure)) {
      if (svg.getBoundingClientRect().width > figure.getBoundingClientRect().width) wrong.push(`${name}: is cut`);
    }
    if (!shown('details table', figure).length) wrong.push(`${name}: its table stays behind a click`);
  }
  return wrong;
}"""


def test_pages_with_charts_print_as_ink_on_white_with_nothing_behind_a_click(site: Host, open_page: Opener) -> None:
    page = open_page(PAPER, java_script_enabled=False, color_scheme="dark")
    wrong = []
    pages = site.pages('<div class="chart">')
    own = [url for url in pages if url.startswith("figures/")]
    for url in [GALLERY, *own[:1], *[url for url in pages if url not in own and url != GALLERY][:2]]:
        page.goto(site.url + url)
        page.emulate_media(media="print", color_scheme="dark")
        wrong += [f"/{url} {text}" for text in page.evaluate(PRINTED)]
        page.emulate_media(color_scheme="dark")
        printed = operators(page.pdf(prefer_css_page_size=True))
        if INK not in printed:
            wrong.append(f"/{url} prints no mark in the first colour of charts")
        if any(dark in printed for dark in DARK):
            wrong.append(f"/{url} prints grounds of the dark scheme")
    expect_none(wrong)


INK = b".0706 .2627 .4275 rg"
"""The first colour of charts on white, as a PDF names it."""
DARK = (b".0627 .0824 .0902 rg", b".0902 .1176 .1294 rg")
"""Paper and plate of the dark scheme."""


def operators(pdf: bytes) -> bytes:
    """Return the drawing operators of a PDF, all streams unpacked."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


LEAVES = {"heading": "heading", "image": "image", "link": "link", "DisclosureTriangle": "button",
          "columnheader": "column", "rowheader": "row", "cell": "cell"}  # fmt: skip
"""Roles that are read by their name, with what a screen reader calls them."""


def walk(nodes: list[dict[str, Any]], role: str) -> list[list[str]]:
    """Return what a screen reader meets inside each element with that role, in reading order."""
    by_id = {node["nodeId"]: node for node in nodes}

    def read(node: dict[str, Any]) -> Iterator[str]:
        kind, said = node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "").strip()
        if not node.get("ignored"):
            if kind in LEAVES:
                yield f"{LEAVES[kind]}: {said}"
                if kind != "image":
                    return
            elif kind == "StaticText" and said:
                yield said
                return
            elif kind in ("group", "region", "table") and said:
                yield f"{kind}: {said}" if kind != "table" else kind
        for child in node.get("childIds", ()):
            yield from read(by_id[child])

    return [list(read(node)) for node in nodes if node.get("role", {}).get("value") == role]


def heard(page: Page) -> list[list[str]]:
    """Return what is read of each figure of a page whose tables are open."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return walk(tree["nodes"], "figure")


def test_screen_reader_meets_title_subtitle_description_and_table_of_a_chart_once(
    site: Host, open_page: Opener
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.url + GALLERY)
    figures = page.evaluate("""() => [...document.querySelectorAll('main figure:has(.chart)')].map((figure) => [
      figure.querySelector('h3').textContent, figure.querySelector('figcaption p').textContent,
      figure.querySelector('svg').getAttribute('aria-label'), figure.querySelector('caption').textContent])""")
    read = [lines for lines in heard(page) if any(line.startswith("image: ") for line in lines)]
    wrong = []
    for (title, subtitle, description, caption), lines in zip(figures, read, strict=True):
        bare = [line.removeprefix("heading: ").removeprefix("image: ") for line in lines]
        wanted = [title, subtitle, description, caption]
        if [bare.count(text) for text in wanted] != [1, 1, 1, 1]:
            wrong.append(f"{title}: {[bare.count(text) for text in wanted]}")
        elif sorted(map(bare.index, wanted)) != list(map(bare.index, wanted)):
            wrong.append(f"{title}: not in this order")
        table = bare.index("table") if "table" in bare else len(bare)
        before = [line for line in bare[:table] if bare.count(line) > 1]
        wrong += [f"{title}: twice '{line}'" for line in dict.fromkeys(before)]
    expect_none(wrong)
    assert len(figures) >= 13


def test_walk_through_a_chart_reads_like_this(site: Host, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.url + GALLERY)
    lines = next(found for found in heard(page) if "heading: Spending growth is the largest step in the draft" in found)
    assert (
        "\n".join(lines[: lines.index("cell: 201,482.9") + 1])
        == """\
heading: Spending growth is the largest step in the draft
Net budget, core funded, Kent County Council, from the budget of 2023-24 to 2024-25. \
Initial draft, November 2023. Not the approved budget.
image: Bridge chart of amount by part of the plan. From Base budget, £1,315.6m to Net budget requirement, £1,415.5m. \
Largest increase: Spending, £201.5m. Largest decrease: Savings and income, −£69.3m.
button: Show the figures as a table
group: Table that scrolls sideways
table
Amount by part of the plan, as a table
column: Part of the plan
column: Amount £\N{NO-BREAK SPACE}thousand
row: Base budget
cell: 1,315,610.6
row: Spending
cell: 201,482.9"""
    )


def test_text_alternatives_are_short_and_say_more_than_the_title(site: Host) -> None:
    wrong = []
    for name, figure in charts(site).items():
        title = unescape(re.sub(r"<[^>]+>", "", re.search(r"<h3>(.*?)</h3>", figure)[1]))  # type: ignore[index]
        drawings = re.findall(r"<svg [^>]*>", figure)
        said = [unescape(found) for found in re.findall(r'<svg [^>]*role="img" aria-label="([^"]*)"', figure)]
        if len(said) != len(drawings) or len(set(said)) != 1:
            wrong.append(f"{name}: {len(said)} text alternatives of {len(drawings)} drawings")
        for text in set(said):
            if not 20 <= len(text) <= 220 or text.casefold().strip(" .") == title.casefold().strip(" ."):
                wrong.append(f"{name}: {len(text)} characters, '{text}'")
    expect_none(wrong)


def test_rules_find_what_cannot_be_read(open_page: Opener) -> None:
    page = open_page()
    bar = '<path d="M{},9h9v9h-9Z" fill="{}"/>'
    pale, twins = bar.format(0, "#ccc"), bar.format(20, "var(--chart-1)") + bar.format(40, "var(--chart-2)")
    words = '<text x="5" y="60" font-size="14" fill="#999">pale</text>'
    colours = "--chart-1: #12436d; --chart-2: #801650"
    page.set_content(
        f'<main><figure id="a"><div class="chart"><svg style="background: #fff; {colours}" width="90" height="90">'
        f"{pale}{twins}{words}</svg></div></figure></main>"
    )
    (drawing,) = page.evaluate(SEEN)
    found = list(faults(drawing, "ordinary"))
    assert found[0] == "'pale' has 2.85:1"
    assert found[1].startswith("a mark in #ccc has 1.61")
    assert "1 and 2 differ in colour alone (1.05:1)" in found
