"""Whatever one file of a project holds, a build ends with diagnostics, and soon."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build import Options, build
from generator.claims import KINDS
from generator.config import read_config, read_papers
from generator.diagnostics import Location, render
from generator.frontmatter import read_front_matter, split_head
from generator.markdown import parse_page
from generator.paths import OutputPath, SourcePath
from generator.patterns import is_simple
from generator.positioned import parse_yaml
from generator.quantities import parse_quantity
from generator.reconcile import check_dataset
from generator.roles import parse_printed, parse_value
from generator.sources import snapshot_of
from tests.conftest import EXTRACT, HOME, PAPERS, SIDECAR, SITE, page, read_parks, site_files
from tests.property.test_parsers import many, plain, shown, spliced, texts

BLOCK = """\
```table
id: visits
data: parks
title: Visits
where: {park: [North, South]}
columns: [park, visits]
```

```figures
id: key
figures: [{value: "parks: visits[park=North]", label: Visits, note: At the gates}]
```
"""
CHECKS = """\
totals:
  - {id: all, label: All, printed: [{cost: 28.4}]}
checks:
  - {id: north, kind: same, label: The north, here: "cost[park=North]", there: "24.5"}
  - {id: sum, kind: equation, label: Parks, result: all.cost, plus: ["cost[park=North | South]", "cost[park=West]"]}
"""
HOSTS = {
    "content/site.yaml": SITE,
    "content/sources.yaml": PAPERS,
    "content/index.md": HOME + BLOCK,
    "content/data/parks.yaml": SIDECAR + CHECKS,
    "content/data/parks.csv": EXTRACT,
    "templates/pages/home.html": "{{ title }}{% for link in menu %}{{ link.href }}{% endfor %}",
}
"""The files of a small project, each with what stands in it before it is spoiled."""


class Nothing:
    """Remembers nothing; no chart is drawn here."""

    def recall(self, key: str) -> None:
        return None

    def remember(self, key: str, value: str) -> None:
        raise AssertionError("nothing is dear here")


files = st.sampled_from(sorted(HOSTS)).flatmap(
    lambda path: st.tuples(
        st.just(path),
        st.binary(max_size=200) | (spliced(HOSTS[path]) | texts).map(lambda text: text.encode("utf-8", "replace")),
    )
)


@many
@given(files)
def test_build_of_any_bytes_ends_with_diagnostics(spoiled: tuple[str, bytes]) -> None:
    path, data = spoiled
    snapshot = snapshot_of(site_files({"content/index.md": HOSTS["content/index.md"], path: data}))
    made = build(snapshot, Nothing(), Options())  # type: ignore[arg-type]
    assert isinstance(made.files, Mapping)
    assert made.has_errors != (OutputPath("index.html") in made.files)
    for problem in made.problems:
        assert "\n" not in render(problem).partition("\n  hint")[0]


@many
@given(texts | plain | spliced(SITE) | spliced(PAPERS))
def test_no_text_of_the_settings_raises(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    for found in (read_config(text, "site.yaml"), read_papers(text, "sources.yaml")):
        shown(found, text)


@many
@given(texts | plain | spliced("title: A\ndescription: B\nchecked: 2024-03-07\nformerly: [/a/]\norder: 3\n"))
def test_no_head_of_a_page_raises(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    shown(read_front_matter(text, "a.md", body_line=9, kind="page"), text)


@many
@given(texts | plain | spliced("parks: total.visits[park=North; x=y] | million without sign"))
def test_no_reference_of_a_value_raises(text: str) -> None:
    parse_value(text, Location("a.md", 1))


UNITS = [
    "[", "]", "*", "**a", "*a_", ">", "> ", "|", "`", "``a", "![", "](", "[a](", "<", "&", "\\", "~~", "# ", "- ",
    "* a\n", ":::note\n", "[^1]", "[^", "{value}`", "{value}`a`", "{a}", "```\n", "a|b\n", "===\n", "a\n: b\n",
    "[a]: b\n", "[^a]: b\n", "[a][", "## a\n\n", "    ", "\t", "\n", "\r", "\0", "a: ", "{", "{a: ", "[a, ", "? ",
    "- - ", "&a ", "*a ", "!a ", '"', "'", "a:\n ", "%", "9", "1e9", "-", ",", '"",', "a,b,c\n", "=;", "; ", "İ",
]  # fmt: skip
"""What markdown, YAML, CSV and numbers give a meaning to; repeated, it makes a slow parser slow."""
PARSERS: dict[str, Callable[[str], object]] = {
    "page": lambda text: parse_page(SourcePath("content/a.md"), page(text)),
    "head": lambda text: split_head(f"---\n{text}\n---\n"),
    "yaml": lambda text: parse_yaml(text, "a.yaml"),
    "value of yaml": lambda text: parse_yaml(f"a: {text}", "a.yaml"),
    "extract": lambda text: read_parks(SIDECAR, f"park,visits,cost\n{text}"),
    "cell": lambda text: read_parks(SIDECAR, f'park,visits,cost\n"{text}",1,2'),
    "number": parse_quantity,
    "value": lambda text: parse_value(f"a: b[{text}", Location("a.md")),
    "quotation": lambda text: parse_printed(f"4% @ a: b{text}", Location("a.md")),
}
SHORT, LONG = 6_000, 24_000
"""Characters of two inputs, one four times as long: a linear parser takes four times as long."""


def seconds(parse: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    parse(text)
    return time.process_time() - started


@pytest.mark.parametrize("parser", PARSERS)
def test_time_grows_with_the_text_and_no_faster(parser: str) -> None:
    slow = []
    for unit in UNITS:
        longer = seconds(PARSERS[parser], unit * (LONG // len(unit)))
        if longer > 1:  # measured again: a busy machine is slow for a moment
            longer = min(seconds(PARSERS[parser], unit * (LONG // len(unit))) for _ in range(3))
            shorter = min(seconds(PARSERS[parser], unit * (SHORT // len(unit))) for _ in range(3))
            if longer > 1 and (longer > 9 * shorter or longer > 20):
                slow.append(f"{unit!r}: {shorter:.1f} s, then {longer:.1f} s")
    assert slow == []


@many
@given(st.text("ab-[]{}()*+?0-9.|^$\\\\d,", max_size=20), st.sampled_from("ab-0"))
def test_pattern_that_is_taken_is_quick_on_every_text(pattern: str, ch: str) -> None:
    if is_simple(pattern):
        started = time.process_time()
        re.search(pattern, ch * 120 + "!")
        assert time.process_time() - started < 1


def test_problems_beyond_reading_are_counted() -> None:
    extract = "park,visits,cost\n" + "a,b,c\n" * 5_000
    made = build(snapshot_of(site_files({"content/data/parks.csv": extract})), Nothing(), Options())  # type: ignore[arg-type]
    assert len(made.problems) < 200
    assert any("9,960 more problems of this kind" in problem.message for problem in made.problems)


FIGURES = st.sampled_from((
    "park", "visits", "cost", "kind", "visits[park=North]", "cost[park=North | South]", "kind[park=@park]",
    "all.cost", "each.visits[park=@park]", "each.cost[park=North]", "parks: visits", "parks: park[kind=big]", "9", "0",
))  # fmt: skip
CELLS = st.sampled_from(("0", "1", "-7.5", "3 [p]", "at least 4", "[x]", "[z]", "[lost]", "1200.25"))


@st.composite
def claims(draw: st.DrawFn) -> str:
    """Return a check of any kind, of any figures, whether they make sense or not."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    most = {"one": 1, "some": 3, "any": 3}
    terms = {role: draw(st.lists(FIGURES, min_size=amount != "any", max_size=most[amount]))
             for role, amount in KINDS[kind].items()}  # fmt: skip
    more = draw(st.sampled_from(("", "by: [kind], ", "where: {park: North}, ", "by: [park], where: {kind: [big]}, ")))
    listed = ", ".join(f"{role}: {json.dumps(figures)}" for role, figures in terms.items() if figures)
    return f"checks:\n  - {{id: c, kind: {kind}, label: C, {more}{listed}}}\n"


@many
@given(claims(), st.lists(st.tuples(CELLS, CELLS), min_size=3, max_size=3))
def test_check_of_any_figures_ends_with_results_and_problems(claim: str, cells: list[tuple[str, str]]) -> None:
    field = "    - {name: kind, type: string, title: Kind, description: Size., role: dimension, unit: category}\n"
    totals = (
        "totals:\n  - {id: all, label: All, printed: [{cost: 9.0}]}\n"
        "  - {id: each, label: Each, by: [park], printed: [{park: North, visits: 5, cost: '[x]'}]}\n"
    )
    named = zip(("North", "South", "West"), ("big", "big", "small"), cells, strict=True)
    extract = "park,visits,cost,kind\n" + "".join(f"{park},{a},{b},{kind}\n" for park, kind, (a, b) in named)
    found = read_parks(SIDECAR.replace("period_type", f"{field}period_type", 1) + totals + claim, extract).value
    if found is not None:
        checked = check_dataset(found, {"parks": found})
        assert checked.value or checked.problems
