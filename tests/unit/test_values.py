"""A figure in prose is one cell or one printed total, written for its sentence."""

from __future__ import annotations

import pytest

from generator.diagnostics import Diagnostic, Location
from generator.roles import ValuePart, parse_value
from generator.values import bind
from tests.conftest import SIDECAR, parks

TOTALS = """\
totals:
  - {id: all, label: All parks, printed: [{visits: 2060}]}
  - {id: each, label: Each, by: [park], printed: [{park: North, cost: 24.5}]}
"""


def bound(reference: str, extract: str = "", sidecar: str = SIDECAR + TOTALS) -> tuple[str, list[Diagnostic]]:
    """Return the text of a value, and what is wrong with its reference."""
    part = parse_value(reference, Location("content/a.md", 7, 3))
    assert isinstance(part, ValuePart)
    problems: list[Diagnostic] = []
    found = bind(part, parks(sidecar, extract) if extract else parks(sidecar), problems)
    assert (found is None) == bool(problems)
    return found.text if found else "", problems


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("parks: visits[park=North]", "1,200"),
        ("parks: visits[park=South]", "860 (provisional)"),
        ("parks: visits[park=West]", "not in this paper"),
        ("parks: visits[cost=24.5]", "1,200"),
        ("parks: park[visits=1200]", "North"),
        ("parks: cost[park=North]", "£0.0245 million"),
        ("parks: cost[park=North] | pounds", "£24,500"),
        ("parks: cost[park=South] | pounds without sign", "£3,100"),
        ("parks: cost[park=South] | number", "−3.1"),
        ("parks: cost[park=South] | without sign", "£0.0031 million"),
        ("parks: all.visits", "2,060"),
        ("parks: each.cost[park=North] | pounds", "£24,500"),
    ],
)
def test_reference_becomes_a_figure(reference: str, text: str) -> None:
    assert bound(reference) == (text, [])


@pytest.mark.parametrize(
    ("reference", "code", "hint"),
    [
        ("parks: vists[park=North]", "unknown-column", "did you mean 'visits'?"),
        ("parks: visits[prk=North]", "unknown-column", "did you mean 'park'?"),
        ("parks: visits[park=Nroth]", "unknown-row", "did you mean 'North'?"),
        ("parks: visits", "unknown-row", "name one row in square brackets, e.g. by park"),
        ("parks: visits[park=North; cost=7.0]", "unknown-row", "name one row in square brackets, e.g. by park"),
        ("parks: al.visits", "unknown-total", "did you mean 'all'?"),
        ("parks: all.visits[park=North]", "unknown-row", "leave out the square brackets"),
        ("parks: all.cost", "unknown-row", "leave out the square brackets"),
        ("parks: each.cost", "unknown-row", "name it by its keys, e.g. [park=North]"),
        ("parks: visits[park=North] | million", "bad-value-reference", "leave the format out"),
    ],
)
def test_reference_to_no_single_figure_is_reported(reference: str, code: str, hint: str) -> None:
    text, problems = bound(reference)
    assert text == ""
    assert [(p.code, p.hint, str(p.at)) for p in problems] == [(code, hint, "content/a.md:7:3")]


def test_qualifier_stays_with_its_figure_in_every_format() -> None:
    extract = "park,visits,cost\nNorth,about 1200,at least 24500.5\n"
    assert bound("parks: visits[park=North]", extract, SIDECAR)[0] == "about 1,200"
    assert bound("parks: cost[park=North] | million", extract, SIDECAR)[0] == "at least £24.5 million"
    assert bound("parks: cost[park=North] | number", extract, SIDECAR)[0] == "at least 24,500.5"


def test_unit_of_a_mixed_table_is_that_of_the_row() -> None:
    sidecar = SIDECAR.replace("unit: gbp-thousand", "unit_from: park")
    extract = "park,visits,cost\npercent,1,24.5\ngbp-million,2,7.0\n"
    assert bound("parks: cost[visits=1]", extract, sidecar)[0] == "24.5%"
    assert bound("parks: cost[visits=2]", extract, sidecar)[0] == "£7.0 million"


def test_scale_of_a_count_is_said() -> None:
    sidecar = SIDECAR.replace("of: visits", "of: visits, scale: thousand")
    assert bound("parks: visits[park=North]", sidecar=sidecar)[0] == "1,200 thousand"


def test_text_that_only_looks_like_a_date_stays_as_it_is() -> None:
    assert bound("parks: park[visits=5]", "park,visits,cost\n20240101,5,1\n", SIDECAR)[0] == "20240101"
