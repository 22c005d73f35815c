from __future__ import annotations

import pytest

from generator.codes import canonical, check_codes
from generator.datasets import CODES, Dataset
from generator.extracts import read_dataset
from generator.tables import whole_table
from tests.conftest import SIDECAR, parks

LIST = """\
name: areas
path: areas.csv
title: Areas
description: The areas that the plans of the council name, with their other spellings.
source: {paper: report, item: Item 8}
schema:
  primaryKey: [code]
  fields:
    - {name: code, type: string, title: Code, description: Its code., role: dimension, unit: category}
    - {name: name, type: string, title: Name, description: Its name., role: dimension, unit: category}
    - {name: aliases, type: string, title: Spellings, description: Other spellings., role: dimension, unit: text}
"""
KEYED = SIDECAR.replace(
    "  primaryKey: [park]",
    "  primaryKey: [park]\n  foreignKeys: [{fields: park, reference: {resource: areas, fields: name}}]",
)


def areas(extract: str = "code,name,aliases\nn,North,N | The North\ns,South,\n") -> Dataset:
    found = read_dataset("areas", (f"{CODES}areas.yaml", LIST), (f"{CODES}areas.csv", extract.encode()))
    assert found.problems == ()
    assert found.value is not None
    return found.value


def found(extract: str) -> list[tuple[str, int]]:
    datasets = {"areas": areas(), "parks": parks(KEYED, extract)}
    return [(problem.code, problem.at.line) for problem in check_codes(datasets["parks"], datasets)]


@pytest.mark.parametrize(
    ("text", "name"),
    [("North", "North"), ("The North", "North"), ("N", "North"), ("South", "South"), ("north", None), ("", None)],
)
def test_every_spelling_leads_to_one_name(text: str, name: str | None) -> None:
    assert canonical(areas(), "name", text) == name


def test_cell_may_hold_a_name_or_another_spelling_or_say_why_it_holds_none() -> None:
    assert found("park,visits,cost\nNorth,1,1\nThe North,1,1\n[x],1,1\n") == []


def test_cell_that_the_list_does_not_know_is_reported_in_its_line() -> None:
    assert found("park,visits,cost\nNorth,1,1\nSouht,1,1\n") == [("unknown-code", 3)]


def test_code_list_is_not_a_name() -> None:
    assert found("park,visits,cost\nn,1,1\n") == [("unknown-code", 2)]


def test_spelling_that_is_also_another_name_is_reported() -> None:
    codes = areas("code,name,aliases\nn,North,South\ns,South,\n")
    found = check_codes(codes, {"areas": codes})
    assert [(problem.code, problem.at.line) for problem in found] == [("repeated-alias", 2)]


def test_list_of_names_needs_no_period_and_no_basis() -> None:
    assert areas().is_code_list
    assert (areas().period, areas().basis, areas().geography) == ("", "", "")


def test_other_spellings_are_shown_as_a_list_and_their_absence_is_said() -> None:
    cells = [row.cells[2].text for row in whole_table(areas()).rows]
    assert cells == ["N; The North", "none"]
