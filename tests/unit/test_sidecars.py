"""Sidecars say what columns mean; every slip in one is reported in its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.quantities import Quantity
from generator.sidecars import Sidecar, read_sidecar
from tests.conftest import SIDECAR


def read(text: str, name: str = "parks") -> tuple[Sidecar | None, list[tuple[str, int]]]:
    """Return what a sidecar says, with code and line of every problem."""
    found = read_sidecar(name, f"content/data/{name}.yaml", text)
    return found.value, [(problem.code, problem.at.line) for problem in found.problems]


def good(text: str) -> Sidecar:
    found, problems = read(text)
    assert problems == []
    assert found is not None
    return found


LINES = SIDECAR.count("\n")


def test_columns_are_read_in_their_order() -> None:
    found = good(SIDECAR)
    assert [(f.name, f.type, f.role, f.unit) for f in found.fields] == [
        ("park", "string", "dimension", "category"),
        ("visits", "integer", "measure", "count"),
        ("cost", "number", "measure", "gbp-thousand"),
    ]
    assert found.primary_key == ("park",)
    assert found.head["title"] == "Visits to parks"
    assert found.head["place"].item == "Item 4"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("name: parks", "name: park", "wrong-name", 1),
        ("path: parks.csv", "path: data/parks.csv", "wrong-name", 2),
        ("title: Visits to parks\n", "", "missing-key", 1),
        ("phase: reported", "phase: repored", "unknown-value", 7),
        ("geography: council", "geography: moon", "unknown-value", 8),
        ("item: Item 4, ", "", "missing-key", 5),
        ("table: Table 1", "tabel: Table 1", "unknown-key", 5),
        ("[park]", "[prk]", "unknown-column", 10),
        ("type: integer", "type: int", "unknown-value", 13),
        ("role: measure, unit: count", "role: mesure, unit: count", "unknown-value", 13),
        ("unit: count", "unit: counts", "unknown-value", 13),
        ("unit: gbp-thousand", "unit: category", "wrong-unit", 14),
        ("description: Of upkeep., ", "", "missing-key", 14),
        ("unit: gbp-thousand}", "unit: gbp-thousand, scale: dozen}", "unknown-value", 14),
        ("unit: gbp-thousand}", "unit: gbp-thousand, basis_from: bsis}", "unknown-column", 14),
        ("unit: gbp-thousand}", "unit_from: uni}", "unknown-column", 14),
        ("unit: gbp-thousand}", "unit: gbp-thousand, of_from: wat}", "unknown-column", 14),
        ("unit: gbp-thousand}", "unit: gbp-thousand, constraints: {maximum: lots}}", "wrong-type", 14),
        ("unit: gbp-thousand}", "unit: gbp-thousand, constraints: {pattern: '('}}", "wrong-type", 14),
        ("unit: gbp-thousand}", "unit: gbp-thousand, constraints: {requird: true}}", "unknown-key", 14),
        ("basis: level", "basis: leval", "unknown-value", 16),
        ("basis: level", "basis: level\nqualifier: roughly", "unknown-value", 17),
        ('period: "2023-24"\n', "", "missing-key", 1),
        ("period_type: financial-year\n", "", "missing-key", 1),
        ("basis: level\n", "", "missing-key", 1),
        ("phase: reported\n", "", "missing-key", 1),
        ("geography: council\n", "", "missing-key", 1),
        (
            "primaryKey: [park]",
            "primaryKey: [park]\n  foreignKeys: [{fields: prk, reference: {resource: codes, fields: x}}]",
            "unknown-column",
            11,
        ),
        ("primaryKey: [park]", "primaryKey: [park]\n  foreignKeys: [{fields: park}]", "missing-key", 11),
        ("phase: reported", "phase: reported\nsign: plus", "unknown-value", 8),
        ("phase: reported", "phase: reported\ncovers_to: today", "wrong-type", 8),
        (
            "basis: level",
            "basis: level\ntotals: [{id: t, label: T, total: visits, parts: [park]}]",
            "wrong-type",
            17,
        ),
        (
            "basis: level",
            "basis: level\ntotals: [{id: t, label: T, total: park, parts: [visits]}]",
            "wrong-type",
            17,
        ),
        ("phase: reported", "phase: reported\npartition: [{columns: [cost]}]", "missing-key", 8),
        ("Visits to each park of the council, counted at the gates in one year.", "Short.", "description-length", 4),
    ],
    ids=lambda value: str(value).strip()[:40],
)
def test_slip_is_reported_in_its_line(old: str, new: str, code: str, line: int) -> None:
    assert old in SIDECAR
    assert (code, line) in read(SIDECAR.replace(old, new, 1))[1]


def test_sidecar_that_is_no_yaml_says_nothing() -> None:
    found, problems = read("name: [parks\n")
    assert found is None
    assert [code for code, _ in problems] == ["yaml-syntax"]


def test_name_of_the_file_must_fit_an_address() -> None:
    assert ("bad-name", 0) in read(SIDECAR.replace("parks", "My_parks"), "My_parks")[1]


def test_sidecar_without_columns_reports_only_that() -> None:
    found, problems = read(SIDECAR[: SIDECAR.index("schema:")])
    assert found is not None
    assert found.fields == ()
    assert problems == [("missing-key", 1)]


def test_keys_of_frictionless_may_stand_there() -> None:
    good(SIDECAR + "licenses: [{name: OGL}]\nsources: []\nformat: csv\nencoding: utf-8\nprofile: x\n")


def test_whole_counts_are_exact_and_all_else_is_rounded_unless_said() -> None:
    _, visits, cost = good(SIDECAR).fields
    assert (visits.rounded, cost.rounded) == (False, True)
    scaled = good(SIDECAR.replace("of: visits", "of: visits, scale: thousand")).fields[1]
    told = good(SIDECAR.replace("unit: gbp-thousand", "unit: gbp-thousand, rounded: false")).fields[2]
    assert (scaled.rounded, told.rounded) == (True, False)


@pytest.mark.parametrize(
    ("unit", "has_order"),
    [("category", False), ("category, order: printed", True), ("year", True), ("financial-year", True), ("date", True)],
)
def test_years_and_printed_orders_are_kept(unit: str, has_order: bool) -> None:
    assert good(SIDECAR.replace("unit: category", f"unit: {unit}")).fields[0].has_order is has_order


def test_printed_totals_keep_their_marks_and_qualifiers() -> None:
    found = good(
        SIDECAR
        + "totals:\n  - {id: t, label: T, by: [park], where: {park: [North, South]}, "
        + "printed: [{park: North, visits: about 1200, cost: '24.5 [p]'}]}\n"
    ).totals[0]
    assert found.where == {"park": ("North", "South")}
    assert found.printed[0].keys == {"park": "North"}
    assert found.printed[0].values == {
        "visits": Quantity(Decimal(1200), "", "about"),
        "cost": Quantity(Decimal("24.5"), "p"),
    }


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("{id: t, label: T, printed: [{vists: 1}]}", "unknown-column"),
        ("{id: t, label: T, by: [prk], printed: [{prk: North, visits: 1}]}", "unknown-column"),
        ("{id: t, label: T, where: {prk: North}, printed: [{visits: 1}]}", "unknown-column"),
        ("{id: t, label: T, total: csot, parts: [visits]}", "unknown-column"),
        ("{id: t, label: T, total: cost, parts: [vists]}", "unknown-column"),
        ('{id: t, label: T, printed: [{visits: "1,0"}]}', "bad-number"),
        ("{id: t, label: T, printed: [{visits: [1]}]}", "bad-number"),
        ("{id: t, label: T}", "missing-key"),
        ("{id: t, label: T, printed: [{visits: 1}], total: cost}", "missing-key"),
        ("{label: T, printed: [{visits: 1}]}", "missing-key"),
        ("{id: t, label: T, by: [park], printed: [{visits: 1}]}", "missing-key"),
        ("{id: t, label: T, printed: [{visits: 1}], wher: {}}", "unknown-key"),
    ],
)
def test_slip_in_a_total_is_reported(total: str, code: str) -> None:
    assert read(f"{SIDECAR}totals:\n  - {total}\n")[1] == [(code, LINES + 2)]


def test_total_of_a_column_of_words_is_reported() -> None:
    assert read(f"{SIDECAR}totals:\n  - {{id: t, label: T, printed: [{{park: 3}}]}}\n")[1] != []


def test_two_totals_need_two_ids() -> None:
    total = "  - {id: t, label: T, printed: [{visits: 1}]}\n"
    assert read(f"{SIDECAR}totals:\n{total}{total}")[1] == [("duplicate-id", LINES + 3)]


TOTAL = "totals:\n  - {id: t, label: T, printed: [{cost: 28.4}]}\n"


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("{check: t, difference: 1, class: copy, reason: R}", "missing-key"),
        ("{check: t, at: {column: cost}, difference: 1, class: whim, reason: R}", "unknown-value"),
        ("{check: t, at: {column: cost}, difference: 1, class: copy}", "missing-key"),
        ("{check: t, at: {column: cost}, difference: 1, class: copy, reason: R, who: me}", "unknown-key"),
        ("{check: tt, at: {column: cost}, difference: 1, class: copy, reason: R}", "unknown-check"),
    ],
)
def test_slip_in_an_acknowledgement_is_reported(note: str, code: str) -> None:
    assert read(f"{SIDECAR}{TOTAL}acknowledged:\n  - {note}\n")[1] == [(code, LINES + 4)]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("basis: level", "basis:", "values of 'basis' are: level, change, balance, movement, mixed"),
        ("title: Visits to parks", "title:", "write the title of the sidecar"),
    ],
)
def test_hint_of_an_empty_key_says_what_may_stand_there(old: str, new: str, hint: str) -> None:
    (problem,) = read_sidecar("parks", "parks.yaml", SIDECAR.replace(old, new)).problems
    assert (problem.code, problem.hint) == ("missing-key", hint)
