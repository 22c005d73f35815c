"""Events stand in the order of their dates, as fine as the paper prints them."""

from __future__ import annotations

import pytest

from generator.charts.describe import describe
from generator.charts.milestones import milestones
from generator.charts.shape import ChartData
from generator.charts.spec import read_chart
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.positioned import parse_yaml
from tests.conftest import SIDECAR, parks

WHEN = "    - {name: when, type: string, title: When, description: d, role: dimension, unit: date}\n"
STEPS = SIDECAR.replace("    - {name: visits,", WHEN + "    - {name: visits,")
ROWS = (("Opens", "2024-06"), ("Asks", "2024-06-10"), ("Votes", "2025-02-13"), ("Prints", "2025-02-05"))


def arranged(yaml: str = "", rows: tuple[tuple[str, str], ...] = ROWS) -> tuple[ChartData | None, list[Diagnostic]]:
    base = {"id": "c", "data": "parks", "kind": "timeline", "y": "park", "x": "when", "title": "T", "alt": "auto"}
    base |= dict(line.split(": ", 1) for line in yaml.splitlines())
    text = "\n".join(f"{key}: {value}" for key, value in base.items())
    problems: list[Diagnostic] = []
    spec = read_chart(BlockPart("chart", parse_yaml(text, "a.md").value, Location("a.md", 3)), problems)
    extract = "park,when,visits,cost\n" + "".join(f"{event},{time},1,1.0\n" for event, time in rows)
    return milestones(spec, parks(STEPS, extract), "Draft.", problems), problems


def test_days_are_sorted_and_an_event_of_a_month_keeps_the_place_that_the_paper_gives_it() -> None:
    found, problems = arranged()
    assert problems == []
    assert found is not None
    assert found.categories == ("Opens", "Asks", "Prints", "Votes")
    assert found.times == ("June 2024", "10 June 2024", "5 February 2025", "13 February 2025")
    assert (found.category_title, found.measure_title, found.phase_line) == ("Park", "When", "Draft.")
    after, _ = arranged(rows=(("Asks", "2024-06-10"), ("Opens", "2024-06"), ("Early", "2024-06-01")))
    assert after is not None
    assert after.categories == ("Asks", "Opens", "Early")


def test_event_whose_date_is_lost_stays_after_the_one_that_the_paper_prints_before_it() -> None:
    found, problems = arranged(rows=(("Opens", "[lost]"), *ROWS[1:], ("Ends", "[lost]")))
    assert problems == []
    assert found is not None
    assert found.categories == ("Opens", "Asks", "Prints", "Ends", "Votes")
    assert [found.times[n] for n in (0, 3)] == ["Date not readable"] * 2
    assert describe(found).startswith("Timeline of 5 events, from 10 June 2024 to 13 February 2025. 2 dates are not")
    one, _ = arranged(rows=(*ROWS, ("Ends", "[lost]")))
    assert one is not None
    assert " One date is not readable." in describe(one)


def test_sides_may_be_exchanged() -> None:
    assert arranged("x: park\ny: when") == arranged()


@pytest.mark.parametrize(
    ("yaml", "rows", "code", "remedy"),
    [
        ("x: visits", ROWS, "wrong-sides", "columns of dates are: when"),
        ("x: [when, visits]", ROWS, "wrong-sides", "columns of dates are: when"),
        ("x: wehn", ROWS, "unknown-column", "when"),
        ("where: {park: Wotes}", ROWS, "unknown-row", "Votes"),
        ("sum: true", ROWS, "unfit-chart", "bar"),
        ("series: park", ROWS, "unfit-chart", "bar"),
        ("where: {park: Votes}", ROWS, "unfit-chart", "sentence"),
        ("", (("A", "2024-06"), ("B", "early 2025")), "unfit-chart", "2024-06-30"),
        ("", (("A", "2024-06"), ("B", "[x]")), "unfit-chart", "table"),
        ("", (("A", "2024-06"), ("B", "[lost]")), "unfit-chart", "sentence"),
        ("", (("A", "2024-06"), ("B", "2024-13")), "unfit-chart", "2024-06-30"),
        ("", (("A", "2024-06"), ("B", "2024-02-30")), "unfit-chart", "2024-06-30"),
        ("", tuple((f"P{n}", "2024-06") for n in range(27)), "unfit-chart", "table"),
    ],
)
def test_what_is_no_timeline_is_refused_with_a_hint(
    yaml: str, rows: tuple[tuple[str, str], ...], code: str, remedy: str
) -> None:
    found, [problem] = arranged(yaml, rows)
    assert found is None
    assert problem.code == code
    assert problem.hint
    assert remedy in problem.hint


def test_timeline_without_a_column_of_dates_says_how_to_make_one() -> None:
    spec_problems: list[Diagnostic] = []
    table = parse_yaml("{id: c, data: d, kind: timeline, x: park, y: visits, title: T, alt: auto}", "a.md").value
    spec = read_chart(BlockPart("chart", table, Location("a.md", 1)), spec_problems)
    assert milestones(spec, parks(), "", spec_problems) is None
    [problem] = spec_problems
    assert problem.hint == "give the column of dates 'unit: date'"
