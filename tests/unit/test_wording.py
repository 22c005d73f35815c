"""Roles in texts that are no markdown become plain text."""

from __future__ import annotations

import pytest

from generator.diagnostics import Diagnostic, Location
from generator.wording import Shelf
from tests.conftest import parks


@pytest.mark.parametrize(
    ("text", "filled", "codes"),
    [
        ("No role", "No role", []),
        ("Of {value}`parks: visits[park=North]` visits", "Of 1,200 visits", []),
        ("{value}`parks: visits[park=South]`", "860 (provisional)", []),
        ("{value}`prks: visits`", "", ["unknown-dataset"]),
        ("{value}`parks`", "", ["bad-value-reference"]),
        ("{printed}`4%`", "", ["bad-printed-reference"]),
        ("{printed}`4% @ none: page 1`", "", ["unknown-paper"]),
        ("{else}`4%` and {value} stay", "{else}`4%` and {value} stay", []),
    ],
)
def test_roles_are_filled(text: str, filled: str, codes: list[str]) -> None:
    problems: list[Diagnostic] = []
    shelf = Shelf({"parks": parks()}, {})
    assert shelf.fill(text, Location("a.yaml", 3), problems) == filled
    assert [p.code for p in problems] == codes


def test_dataset_without_roles_stays_itself() -> None:
    dataset = parks()
    assert Shelf({"parks": dataset}, {}).fill_dataset(dataset, "", []) is dataset
