"""What readers download is plain, typed and safe to open."""

from __future__ import annotations

import csv
import io
import json

import pytest

from generator.config import Licence, Paper
from generator.downloads import FORMULA, descriptor, guarded, published_columns, published_csv
from tests.conftest import SIDECAR, parks

LICENCE = Licence("Open Licence", "https://licence.example/")
PAPER = Paper("report", "Report", "Cabinet", "2024-03-07", "Testing Council", "D", "")


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_marks_stand_in_words_in_a_column_of_their_own() -> None:
    assert rows(published_csv(parks())) == [
        ["park", "visits", "visits_note", "cost"],
        ["North", "1200", "", "24.5"],
        ["South", "860", "provisional", "-3.1"],
        ["West", "", "not in this paper", "7.0"],
    ]


def test_qualifier_stands_before_the_mark() -> None:
    found = rows(published_csv(parks(extract="park,visits,cost\nNorth,at least 5 [e],1\n")))
    assert found[1] == ["North", "5", "at least; estimated", "1"]


@pytest.mark.parametrize("start", [start for start in FORMULA if start.isprintable()])
def test_text_that_a_spreadsheet_would_run_is_disarmed(start: str) -> None:
    found = rows(published_csv(parks(extract=f'park,visits,cost\n"{start}1+1",5,1\n')))
    assert found[1][0] == f"'{start}1+1"


@pytest.mark.parametrize("text", ["=1", " =1", "\t=1", "\r-1", "\n@x", "\N{NO-BREAK SPACE}+1", "\0", "＝1"])
def test_formula_is_disarmed_behind_any_space(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["=1+1", "'", "''", "'=1", "a", "", "'a'", "-", "a=1"])
def test_disarmed_text_is_given_back_as_the_descriptor_says(text: str) -> None:
    rule = json.loads(descriptor(parks(), PAPER, LICENCE, "https://a.example/"))["guard"]
    assert rule["types"] == ["string"]
    assert guarded(text).removeprefix(rule["prefix"]) == text
    assert guarded(text)[:1] not in ("=", "+", "-", "@")


def test_negative_number_stays_a_number() -> None:
    assert rows(published_csv(parks()))[2][3] == "-3.1"


def test_text_with_commas_quotes_and_lines_survives() -> None:
    text = 'a, "b"\nc'
    extract = io.StringIO(newline="")
    csv.writer(extract).writerows([["park", "visits", "cost"], [text, "1", "2"]])
    assert rows(published_csv(parks(extract=extract.getvalue())))[1][0] == text


def test_lines_end_as_rfc_4180_says() -> None:
    data = published_csv(parks())
    assert data.count(b"\r\n") == data.count(b"\n") == 4


def test_columns_of_provenance_are_not_published() -> None:
    hidden = SIDECAR.replace("role: measure, unit: gbp-thousand", "role: provenance, unit: gbp-thousand")
    assert [field.name for field, _ in published_columns(parks(hidden))] == ["park", "visits"]
    assert b"cost" not in published_csv(parks(hidden))
    assert b'"cost"' not in descriptor(parks(hidden), PAPER, LICENCE, "https://a.example/")


def test_descriptor_describes_every_column_of_the_file() -> None:
    found = json.loads(descriptor(parks(), PAPER, LICENCE, "https://a.example/data/parks/"))
    assert [field["name"] for field in found["schema"]["fields"]] == rows(published_csv(parks()))[0]
    assert [field["type"] for field in found["schema"]["fields"]] == ["string", "integer", "string", "number"]
    assert (found["name"], found["path"]) == ("parks", "parks.csv")
    assert found["schema"]["primaryKey"] == ["park"]
    assert found["licenses"] == [{"title": "Open Licence", "path": "https://licence.example/"}]
    assert found["sources"] == [{"title": "Testing Council: Report, 2024-03-07"}]
    assert found["homepage"] == "https://a.example/data/parks/"
