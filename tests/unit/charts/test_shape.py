"""Rows become categories, series and points, and what a chart would misrepresent is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.charts.refusals import MAX_CATEGORIES, refusals
from generator.charts.shape import ChartData, axis_label, shape, short_label
from generator.charts.spec import read_chart
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.positioned import parse_yaml
from generator.quantities import MARKS, Quantity
from tests.conftest import SIDECAR, parks
from tests.unit.charts.samples import chart

PARKS = SIDECAR + "partition: [{name: parks, rows: park}]\n"
NAME = "    - {name: name, type: string, title: Name, description: d, role: dimension, unit: category}\n"
LONG = (
    PARKS.replace("[park]", "[park, year]")
    .replace(
        "    - {name: visits,",
        "    - {name: year, type: string, title: Year, description: d, role: dimension, unit: year}\n"
        "    - {name: visits,",
    )
    .replace("rows: park}]", "rows: park}, {name: years, rows: year}]")
)
ROWS = "park,year,visits,cost\nNorth,2023,5,1.5\nNorth,2024,6,2.0\nSouth,2023,7,[x]\nSouth,2024,8 [e],-3.5\n"


def shaped(
    yaml: str, dataset: Dataset | None = None, codes: dict[str, Dataset] | None = None
) -> tuple[ChartData | None, list[Diagnostic]]:
    """Shape a chart from the lines that differ from the simplest one."""
    base = {"id": "c", "data": "parks", "kind": "bar", "y": "park", "x": "visits", "title": "T", "alt": "auto"}
    base |= dict(line.split(": ", 1) for line in yaml.splitlines())
    text = "\n".join(f"{key}: {value}" for key, value in base.items())
    problems: list[Diagnostic] = []
    spec = read_chart(BlockPart("chart", parse_yaml(text, "a.md").value, Location("a.md", 3)), problems)
    assert problems == []
    return shape(spec, dataset or parks(PARKS), codes or {}, lambda fields: "Draft.", problems), problems


def data(yaml: str = "", dataset: Dataset | None = None) -> ChartData:
    found, problems = shaped(yaml, dataset)
    assert problems == []
    assert found is not None
    return found


def values(found: ChartData) -> dict[tuple[str, str], str]:
    return {(point.category, point.series): point.label for point in found.points}


def test_simple_chart_has_one_series_named_after_its_measure() -> None:
    found = data()
    assert (found.categories, found.series) == (("North", "South", "West"), ("Visits",))
    assert values(found) == {
        ("North", "Visits"): "1,200",
        ("South", "Visits"): "860 [p]",
        ("West", "Visits"): "not in this paper",
    }
    assert (found.category_title, found.measure_title, found.phase_line) == ("Park", "Visits", "Draft.")


def test_side_of_the_numbers_decides_whether_bars_lie() -> None:
    assert data().is_horizontal
    assert not data("x: park\ny: visits").is_horizontal


@pytest.mark.parametrize(
    ("yaml", "order"),
    [
        ("x: cost", ["North", "West", "South"]),
        ("x: cost\nsort: printed", ["North", "South", "West"]),
        ("sort: value", ["North", "South", "West"]),
        ("kind: line\nx: park\ny: cost", ["North", "South", "West"]),
    ],
)
def test_bars_are_ordered_by_size_unless_something_else_is_said(yaml: str, order: list[str]) -> None:
    assert list(data(yaml).categories) == order


def test_category_with_an_order_of_its_own_keeps_it() -> None:
    dataset = parks(SIDECAR.replace("unit: category", "unit: category, order: printed"))
    assert data("x: cost", dataset).categories == ("North", "South", "West")
    assert data("x: cost\nsort: value", dataset).categories == ("North", "West", "South")


def test_missing_value_is_ordered_last() -> None:
    dataset = parks(extract="park,visits,cost\nA,[x],1\nB,5,1\nC,9,1\n")
    assert data("", dataset).categories == ("C", "B", "A")


def test_column_of_words_splits_the_measure_into_series() -> None:
    found = data("series: year", parks(LONG, ROWS))
    assert found.series == ("2023", "2024")
    assert values(found)["South", "2024"] == "8 [e]"


def test_several_measures_are_several_series() -> None:
    dataset = parks(SIDECAR.replace("unit: count, of: visits", "unit: gbp-thousand"))
    assert data("x: [visits, cost]", dataset).series == ("Visits", "Cost")
    assert data("x: [visits, cost]", dataset).measure_title == "Visits and cost"


def test_rows_of_one_category_are_added_on_request_alone() -> None:
    assert [p.code for p in shaped("", parks(LONG, ROWS))[1]] == ["repeated-category"]
    assert values(data("sum: true", parks(LONG, ROWS))) == {("South", "Visits"): "15 [e]", ("North", "Visits"): "11"}


def test_sum_with_a_missing_value_is_missing() -> None:
    assert values(data("sum: true\nx: cost", parks(LONG, ROWS)))["South", "Cost"] == MARKS["x"]


def test_sum_of_at_least_is_at_least() -> None:
    dataset = parks(LONG, "park,year,visits,cost\nA,2023,at least 5,1\nA,2024,6,1\n")
    assert values(data("sum: true", dataset)) == {("A", "Visits"): "at least 11"}


def test_waterfall_knows_its_levels_and_ends_with_the_sum() -> None:
    sidecar = PARKS.replace("unit: gbp-thousand", "unit: gbp-thousand, basis_from: kind").replace(
        "    - {name: visits,",
        "    - {name: kind, type: string, title: K, description: d, role: dimension, unit: category}\n"
        "    - {name: visits,",
    )
    dataset = parks(sidecar, "park,kind,visits,cost\nBudget,level,1,100.0\nMore,change,1,7.5\nLess,change,1,-2.5\n")
    found = data("kind: waterfall\nx: cost\nend: Next budget", dataset)
    assert found.levels == ("Budget", "Next budget")
    assert [p.label[0] for p in found.points] == ["£", "+", "−", "£"]
    assert found.points[-1].quantity.number == Decimal("105.0")


GOALS = "park,visits,cost\nNorth,1200,900\nSouth,860,900\nWest,5,[z]\n"
LINE = "kind: line\nx: park\ny: visits\n"


def limits(yaml: str, extract: str = GOALS) -> list[tuple[str, str, Decimal]]:
    dataset = parks(SIDECAR.replace("unit: gbp-thousand", "unit: count"), extract)
    return [(limit.role, limit.title, limit.value) for limit in data(LINE + yaml, dataset).limits]


def test_lines_across_are_called_as_their_columns_are() -> None:
    assert limits("target: cost") == [("target", "Cost", Decimal(900))]
    assert limits("floor: cost") == [("floor", "Cost", Decimal(900))]
    both = limits("band: [cost, visits]\nwhere: {park: North}")
    assert both == [("lower", "Cost", Decimal(900)), ("upper", "Visits", Decimal(1200))]


@pytest.mark.parametrize(
    ("yaml", "extract", "said", "better"),
    [
        ("target: cost", GOALS.replace("860,900", "860,800"), "(900 and 800)", "dumbbell"),
        ("target: cost", GOALS.replace("900", "about 900"), "plain number", "note"),
        ("floor: cost", GOALS.replace("900", "[x]"), "plain number", "note"),
        ("band: [visits, cost]\nwhere: {park: North}", GOALS, "where it begins", "lower column first"),
        ("kind: bar\ntarget: cost", GOALS, "line across", "bullet"),
    ],
)
def test_limit_that_is_no_line_across_is_refused(yaml: str, extract: str, said: str, better: str) -> None:
    dataset = parks(SIDECAR.replace("unit: gbp-thousand", "unit: count"), extract)
    found, problems = shaped(LINE + yaml, dataset)
    assert found is None
    assert said in problems[-1].message
    assert better in (problems[-1].hint or "")


def test_band_has_two_ends() -> None:
    problems: list[Diagnostic] = []
    table = parse_yaml("{id: c, data: d, kind: line, x: a, y: b, title: T, alt: auto, band: [low]}", "a.md").value
    assert read_chart(BlockPart("chart", table, Location("a.md", 1)), problems).limits == ()
    assert [(problem.code, problem.hint) for problem in problems] == [
        ("wrong-type", "name two columns: band: [lower, upper]")
    ]


WHOLE = PARKS.replace("[{name: parks, rows: park}]", "[{name: all, columns: [visits, cost, other]}]").replace(
    "unit: gbp-thousand}", "unit: count}\n    - {name: other, type: number, title: Other, description: d, "
    "role: measure, unit: count}"
)  # fmt: skip
PARTS = "park,visits,cost,other\nNorth,3,1,0\nSouth,1,1,2\n"


def test_shares_are_those_of_all_parts_that_the_sidecar_declares() -> None:
    found = data("x: [visits, cost, other]\nstack: share", parks(WHOLE, PARTS))
    assert found.is_share
    assert list(values(found).values()) == ["3", "1", "1", "1", "0", "2"]
    nothing, [problem] = shaped("x: [visits, cost]\nstack: share", parks(WHOLE, PARTS))
    assert nothing is None
    assert "'Other' is left out" in problem.message
    assert data("x: [visits, cost]\nstack: true", parks(WHOLE, PARTS))


def test_shares_of_rows_need_all_rows_of_their_partition() -> None:
    assert data("y: year\nseries: park\nstack: share", parks(LONG, ROWS)).is_share
    more = ROWS + "West,2024,3,1\n"
    only = "y: year\nseries: park\nwhere: {park: [North, South]}\nstack: "
    assert "'West' is left out" in shaped(only + "share", parks(LONG, more))[1][0].message
    assert data(only + "true", parks(LONG, more))


def test_areas_upon_each_other_are_parts_of_one_whole() -> None:
    yaml = "kind: area\nx: park\ny: [visits, cost]"
    assert data(yaml, parks(WHOLE, PARTS)).series == ("Visits", "Cost")
    apart = WHOLE.replace("columns: [visits, cost, other]", "rows: park")
    assert [problem.code for problem in shaped(yaml, parks(apart, PARTS))[1]] == ["overlapping-parts"]
    assert data("kind: area\nx: park\ny: visits", parks(apart, PARTS))


@pytest.mark.parametrize(
    ("yaml", "codes"),
    [
        ("x: vists", ["unknown-column"]),
        ("series: yaer", ["unknown-column"]),
        ("where: {prk: North}", ["unknown-column"]),
        ("where: {park: [Nroth, North]}", ["unknown-row"]),
        ("where: {park: []}", ["empty-chart"]),
        ("x: park", ["wrong-sides"]),
        ("y: visits", ["wrong-sides"]),
        ("y: [park, visits]", ["wrong-sides"]),
        ("x: [visits, cost]", ["mixed-units"]),
        ("where: {park: West}", ["unfit-chart"]),
        ("x: cost\nstack: true", ["unfit-chart"]),
        ("kind: dumbbell", ["unfit-chart"]),
        ("kind: waterfall", ["unfit-chart"]),
    ],
)
def test_chart_that_cannot_be_drawn_is_refused_with_a_hint(yaml: str, codes: list[str]) -> None:
    found, problems = shaped(yaml)
    assert found is None
    assert [problem.code for problem in problems] == codes
    assert all(problem.hint for problem in problems)


@pytest.mark.parametrize(
    ("kind", "cells", "better"),
    [
        ("slope", {"A": {"x": "1"}}, "line"),
        ("slope", {"A": {"x": "1", "y": "2"}, "B": {"x": "1"}}, "dumbbell"),
        ("slope", {s: {f"c{n}": "1" for n in range(9)} for s in "AB"}, "dumbbell"),
        ("lollipop", {"A": {"x": "1"}, "B": {"x": "2"}}, "dumbbell"),
        ("bullet", {"A": {"x": "1"}, "B": {"x": "2"}}, "bar"),
        ("bullet", {"A": {"x": "1"}, "B": {"x": "[x]"}, "C": {"x": "3"}}, "table"),
        ("bullet", {"A": {"x": "-1"}, "B": {"x": "1"}, "C": {"x": "3"}}, "dumbbell"),
        ("ratings", {"Good": {"x": "1"}, "Fair": {"x": "1"}, "Bad": {"x": "3"}}, "stack"),
        ("ratings", {"Green": {"x": "1.5"}, "Amber": {"x": "1"}, "Red": {"x": "3"}}, "bar"),
        ("ratings", {"Green": {"x": "[x]"}, "Amber": {"x": "1"}, "Red": {"x": "3"}}, "table"),
        ("ratings", {"Green": {"x": "20"}, "Amber": {"x": "4"}, "Red": {"x": "1"}}, "stack"),
        ("diverging", {"A": {"x": "1"}}, "bar"),
        ("diverging", {"A": {"x": "1"}, "B": {"x": "[x]"}}, "table"),
        ("diverging", {"A": {"x": "1", "y": "-1"}, "B": {"x": "-1", "y": "-2"}}, "bar"),
        ("diverging", {"A": {"x": "1"}, "B": {"x": "2"}}, "bar"),
        ("votes", {"Yes": {"x": "1"}, "No": {"x": "2"}}, "stack"),
        ("votes", {"Against": {"x": "1"}, "For": {"x": "2"}}, "stack"),
        ("votes", {"For": {"x": "1.5"}, "Against": {"x": "2"}}, "bar"),
        ("votes", {"For": {"x": "[lost]"}, "Against": {"x": "2"}}, "table"),
        ("votes", {"For": {"x": "about 9"}, "Against": {"x": "2"}}, "table"),
        ("votes", {"For": {"x": "0"}, "Against": {"x": "0"}, "Abstain": {"x": "3"}}, "table"),
        ("bar", {"A": {"x": "80 [u]", "y": "60"}}, "table"),
        ("tiles", {"A": {"x": "1"}, "B": {"x": "2"}}, "bar"),
        ("tiles", {"A": {"x": "-1"}}, "bar"),
        ("area", {"A": {"x": "1", "y": "-2"}}, "line"),
        ("area", {"A": {"x": "1"}}, "bar"),
        ("area", {"A": {"x": "1", "y": "2"}, "B": {"x": "1", "y": "[x]"}}, "line"),
        ("dots", {"A": {"x": "1", "y": "[x]"}}, "table"),
        ("multiples", {"A": {"x": "1"}, "B": {"x": "2"}}, "dumbbell"),
        ("multiples", {s: {f"c{n}": "1" for n in range(13)} for s in "ABC"}, "table"),
        ("multiples", {"A": {"x": "1"}, "B": {"x": "2"}, "C": {"x": "-3"}}, "bar"),
    ],
)
def test_kind_that_would_misrepresent_names_a_better_one(
    kind: str, cells: dict[str, dict[str, str]], better: str
) -> None:
    [(message, hint)] = reasons(kind, cells)
    assert message
    assert better in hint


@pytest.mark.parametrize(
    ("shares", "unit", "count"),
    [
        (["60", "30", "11"], "percent", 0),
        (["60", "30", "13"], "percent", 1),
        (["60", "40"], "count", 1),
        (["60", "[x]"], "percent", 1),
        (["110", "-10"], "percent", 1),
        (["60", "about 40"], "percent", 1),
    ],
)
def test_shares_are_those_of_a_whole(shares: list[str], unit: str, count: int) -> None:
    cells = {"Share": {f"part {n}": share for n, share in enumerate(shares)}}
    assert len(reasons("proportion", cells, unit)) == count


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"A": {"x": "1"}, "B": {"x": "at least 2"}}, "at least"),
        ({"A": {"x": "1"}, "B": {"x": "[x]"}}, "missing"),
        ({"A": {"x": "1"}, "B": {"x": "-2"}}, "negative"),
        ({"A": {"x": "0"}, "B": {"x": "0"}}, "zero"),
        ({"A": {"x": "1"}}, "two parts"),
    ],
)
def test_share_that_is_not_known_is_refused(cells: dict[str, dict[str, str]], said: str) -> None:
    [(message, hint)] = reasons("bar, stack: share", cells)
    assert said in message
    assert hint
    assert reasons("bar, stack: share", {"A": {"x": "1"}, "B": {"x": "2"}}) == []
    assert "by itself" in reasons("area, stack: true", {"A": {"x": "1", "y": "2"}})[0][0]


def reasons(kind: str, cells: dict[str, dict[str, str]], unit: str = "count") -> list[tuple[str, str]]:
    """Return why a chart of *cells*, series and then category, is refused."""
    found = chart(kind.split(",")[0], cells)
    problems: list[Diagnostic] = []
    table = parse_yaml(f"{{id: c, data: d, kind: {kind}, x: a, y: b, title: T, alt: auto}}", "a.md").value
    spec = read_chart(BlockPart("chart", table, Location("a.md", 1)), problems)
    values = {(point.category, point.series): point.quantity for point in found.points}
    return refusals(spec, found.categories, found.series, values, unit)


@pytest.mark.parametrize(("yes", "count"), [("60", 0), ("61", 0), ("62", 1)])
def test_two_answers_of_the_same_people_are_no_more_than_all(yes: str, count: int) -> None:
    assert len(reasons("diverging", {"No": {"x": "40"}, "Yes": {"x": yes}}, "percent")) == count


DISTRICTS = """park,name,tile_row,tile_column
n,North,1,2
s,South,2,1
"""


def test_tiles_lie_where_the_code_list_says() -> None:
    key = "  foreignKeys: [{fields: park, reference: {resource: districts, fields: name}}]\n"
    dataset = parks(PARKS.replace("  fields:\n", key + "  fields:\n", 1), "park,visits,cost\nSouth,1,1\nNorth,2,1\n")
    lists = PARKS.replace("name: visits", "name: tile_row").replace("name: cost", "name: tile_column")
    lists = lists.replace("    - {name: tile_row", NAME + "    - {name: tile_row")
    codes = parks(lists, DISTRICTS)
    found, problems = shaped("kind: tiles", dataset, {"districts": codes})
    assert problems == []
    assert found is not None
    assert dict(zip(found.categories, found.places, strict=True)) == {"North": (1, 2), "South": (2, 1)}


def test_map_without_a_layout_is_refused() -> None:
    found, [problem] = shaped("kind: tiles")
    assert found is None
    assert problem.code == "unfit-chart"
    assert "bar chart" in problem.hint


@pytest.mark.parametrize(("count", "codes"), [(MAX_CATEGORIES, []), (MAX_CATEGORIES + 1, ["unfit-chart"])])
def test_too_many_categories_are_refused(count: int, codes: list[str]) -> None:
    dataset = parks(extract="park,visits,cost\n" + "".join(f"P{n},{n},1\n" for n in range(count)))
    assert [problem.code for problem in shaped("", dataset)[1]] == codes


@pytest.mark.parametrize(("count", "codes"), [(4, []), (5, ["unfit-chart"])])
def test_too_many_series_are_refused(count: int, codes: list[str]) -> None:
    dataset = parks(LONG, "park,year,visits,cost\n" + "".join(f"A,{2000 + n},{n},1\n" for n in range(count)))
    assert [problem.code for problem in shaped("series: year", dataset)[1]] == codes


@pytest.mark.parametrize(
    ("quantity", "unit", "label"),
    [
        (Quantity(Decimal("80924.7")), "gbp-thousand", "£80.9m"),
        (Quantity(Decimal("1234567.89")), "gbp", "£1.23m"),
        (Quantity(Decimal(7107), "p"), "count", "7,107 [p]"),
        (Quantity(Decimal(5), "", "about"), "percent", "about 5%"),
        (Quantity(None, "lost"), "count", "not readable in our copy"),
    ],
)
def test_label_beside_a_bar_is_short(quantity: Quantity, unit: str, label: str) -> None:
    assert short_label(quantity, unit) == label


@pytest.mark.parametrize(
    ("number", "unit", "label"),
    [
        ("0", "gbp-thousand", "£0"),
        ("500000", "gbp-thousand", "£500m"),
        ("1500", "gbp-thousand", "£1.5m"),
        ("2E+6", "count", "2,000,000"),
        ("-20", "percent", "−20%"),
    ],
)
def test_value_on_an_axis_has_no_needless_places(number: str, unit: str, label: str) -> None:
    assert axis_label(Decimal(number), unit) == label
