"""An update is reviewed as the site that it would make: new problems, changed words and pages, and what was decided."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from generator.build import Options
from generator.facts import Memo
from generator.imports import NewRow
from generator.pending import Pending, overlaid, with_sources
from generator.review import Review, Standing, acknowledgement, matching, review, review_of, standing, text, told
from generator.sources import snapshot_of
from generator.updates import DECIDE, MEND
from tests.conftest import GOLDEN, mini_templates, page

FOLDER = GOLDEN / "editions" / "in" / "content"
LATER = {"paper": "later", "period": "Quarter 1 2024/25", "covers_to": "2024-06-30"}
WORDS = """\
The north had {value}`parks: visits[park=North]` visits.

```table
id: visits
data: parks
title: Visits
```
"""
CHECK = (
    "checks:\n  - {id: fewer, kind: subset, label: South is the smaller one, "
    'part: "visits[park=South]", whole: "visits[park=North]"}\n'
)


def before(*, head: str = "") -> Standing:
    """Return the site before the update: one edition, and a page on it."""
    sidecar = (FOLDER / "data" / "parks.yaml").read_text("utf-8").partition("checks:")[0]
    lines = [
        line for line in sidecar.splitlines(keepends=True) if not re.search("later|foreignKeys|fields: park", line)
    ]
    files: dict[str, str | bytes] = {
        **mini_templates(),
        "content/site.yaml": (FOLDER / "site.yaml").read_bytes(),
        "content/sources.yaml": (FOLDER / "sources.yaml").read_bytes(),
        "content/index.md": page(WORDS, title="Home", more=head),
        "content/data/parks.yaml": "".join(lines) + CHECK,
        "content/data/parks.csv": "published_in,park,visits\nreport,North,1200\nreport,South,860\n",
    }
    found = standing(snapshot_of(files), Options())
    assert [problem.code for problem in found.problems if problem.code != "unused-dataset"] == []
    return found


def waiting(start: Standing, north: str, south: str) -> Pending:
    rows = tuple(
        NewRow(("later", park, visits), (f"a.xlsx, sheet Q, cell A{n}", "", f"a.xlsx, sheet Q, cell B{n}"))
        for n, (park, visits) in enumerate((("North", north), ("South", south)), 2)
    )
    return Pending().with_rows(start.site.datasets["parks"], LATER, "a.xlsx, Q", rows)


def after(start: Standing, pending: Pending) -> Standing:
    changed = overlaid(start.snapshot, pending, start.site.datasets)
    return standing(with_sources(start.snapshot, changed), Options())


def reviewed(north: str = "1210", south: str = "870", *, head: str = "") -> Review:
    start = before(head=head)
    return review_of(start.snapshot, waiting(start, north, south), Options(), Memo())[2]


def test_page_without_a_report_of_its_own_has_to_be_read_again() -> None:
    found = reviewed()
    assert [(matter.kind, matter.need) for matter in found.matters] == [
        ("sentence", ""), ("title", ""), ("reread", DECIDE),
    ]  # fmt: skip
    assert found.matters[0].message == "1,200 before, 1,210 now: “The north had 1,210 visits.”"
    assert found.brings == ("parks: 2 rows published in later, Quarter 1 2024/25",)


def test_page_that_is_bound_to_a_report_shows_what_it_showed() -> None:
    assert reviewed(head="paper: report\n").matters == ()


def test_page_whose_words_are_about_the_report_before_has_to_be_mended() -> None:
    found = reviewed(head="commentary_for: report\n")
    assert [(matter.kind, matter.need) for matter in found.open] == [("old-commentary", MEND)]


def test_accepted_matter_is_open_again_when_it_says_something_else() -> None:
    start = before()
    pending = waiting(start, "12100", "870")
    jump = next(m for m in review(start, after(start, pending), {}, {}).open if m.kind == "jump")
    decisions = {jump.name: (jump.message, "Counted anew.")}
    again = review(start, after(start, pending), {}, decisions)
    assert [matter.because for matter in again.matters if matter.kind == "jump"] == ["Counted anew."]
    other = waiting(start, "13100", "870")
    changed = review(start, after(start, other), {}, decisions)
    assert [matter.is_open for matter in changed.matters if matter.kind == "jump"] == [True]


def test_difference_that_the_paper_prints_becomes_an_acknowledgement_of_its_edition() -> None:
    start = before(head="paper: report\n")
    pending = waiting(start, "1210", "1300")
    made = after(start, pending)
    (matter,) = review(start, made, {}, {}).open
    assert (matter.kind, matter.need) == ("check-differs", DECIDE)
    problem = next(p for p in made.problems if (p.code, p.at, p.message) == told(matter))
    entry = acknowledgement(problem, "later", 'The paper prints both: "so".')
    accepted = replace(pending, acknowledged={"parks": (entry,)})
    settled = after(start, accepted)
    assert review(start, settled, {}, {}).open == ()
    (check,) = [check for check in settled.site.checks["parks"] if check.result == "differs"]
    assert check.reason == 'The paper prints both: "so".'


@pytest.mark.parametrize(("pattern", "count"), [("reread/index-md", 1), ("reread/*", 1), ("title/*", 0), ("*", 1)])
def test_only_what_can_be_decided_is_accepted(pattern: str, count: int) -> None:
    assert len(matching(reviewed(), pattern)) == count


def test_text_says_what_is_open_and_how_to_go_on() -> None:
    shown = text(reviewed())
    assert "  [open] reread/index-md\n" in shown
    assert "0 to mend, 1 to decide, 0 decided\nTo accept one:" in shown
    assert text(reviewed(head="paper: report\n")).endswith(
        "0 to mend, 0 to decide, 0 decided\nNothing is open: 'transparency review --finish' takes the update over"
    )
