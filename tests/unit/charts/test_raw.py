"""Charts in Vega-Lite's own words: what authors may write, and what becomes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.charts import schema
from generator.charts.raw import RawSpec, place_of, plain, read_raw
from generator.charts.raw_checks import check_schema
from generator.charts.raw_data import MAX_MARKS, Bound, bind_raw
from generator.charts.raw_drawing import crowded, raw_specification
from generator.charts.theme import VARIANTS
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.memo import Store
from generator.paths import OutputPath
from generator.positioned import parse_yaml
from tests.conftest import EXTRACT, ROOT, SIDECAR, Builder, page, parks, site_files

HEAD = "id: a\ndata: parks\ntitle: T\nalt: Words\n"
SCATTER = "mark: point\nencoding: {x: {field: visits}, y: {field: cost}}\n"
WIDE, NARROW = VARIANTS


def block(text: str) -> BlockPart:
    """Return a chart block of a page."""
    found = parse_yaml(text, "content/a.md")
    assert found.problems == ()
    return BlockPart("chart", found.value, Location("content/a.md", 1, 1))


def bound(text: str, dataset: Dataset | None = None, phase: str = "") -> tuple[Bound | None, list[Diagnostic]]:
    """Return a chart bound to a dataset, with the problems."""
    problems: list[Diagnostic] = []
    spec = read_raw(block(text), problems)
    made = bind_raw(spec, dataset or parks(), lambda fields: phase, problems) if spec else None
    return made, problems


def drawn(text: str, dataset: Dataset | None = None, phase: str = "") -> Bound:
    """Return a chart that has no problems."""
    made, problems = bound(text, dataset, phase)
    assert problems == []
    assert made is not None
    return made


def said(text: str, dataset: Dataset | None = None) -> list[str]:
    """Return the messages of a chart that is refused."""
    made, problems = bound(text, dataset)
    assert (made is None) == bool(problems)
    return [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("null", None),
        ("-1.5", -1.5),
        ("12", 12),
        ('"12"', "12"),
        ("'true'", "true"),
        ("2024-25", "2024-25"),
        ("010", "010"),
        ("[1, a]", [1, "a"]),
        ("{a: {b: 2}}", {"a": {"b": 2}}),
        ("1" * 40, "1" * 40),
    ],
)
def test_what_stands_in_quotes_is_a_text_and_numbers_are_numbers(text: str, value: object) -> None:
    assert plain(block(f"x: {text}").table.entries["x"].node) == value
    assert type(plain(block(f"x: {text}").table.entries["x"].node)) is type(value)


def test_path_of_a_schema_leads_to_its_place_or_to_the_nearest_above() -> None:
    table = block("a:\n  b: [1, {c: 2}]\n").table
    assert place_of(table, ("a", "b", 1, "c")) == Location("content/a.md", 2, 14, 1)
    assert place_of(table, ("a", "b", 1, "c"), is_key=True).column == 11
    assert place_of(table, ("a", "b", 1, "gone", "c")) == place_of(table, ("a", "b", 1))
    assert place_of(table, ("gone",)) == table.at


def test_columns_have_internal_names_alone() -> None:
    made = drawn(HEAD + SCATTER.replace("field: cost", "field: cost, sort: {field: visits}"))
    spec = raw_specification(made.chart, WIDE)
    assert spec["encoding"]["y"]["field"] == "c1"
    assert spec["encoding"]["y"]["sort"] == {"field": "c0"}
    assert spec["data"]["values"][0] == {"c0": 1200.0, "c1": 24.5}


def test_filter_chooses_the_rows() -> None:
    made = drawn(HEAD + SCATTER + "where: {park: [North, West]}\n")
    assert made.chart.rows == ((1200.0, 24.5), (None, 7.0))
    assert made.notes == ("Left open in the picture, not in this paper: 1 of 2 rows.",)


def test_type_order_and_title_follow_from_the_dataset() -> None:
    encoding = json.loads(drawn(HEAD + "mark: bar\nencoding: {x: {field: cost}, y: {field: park}}\n").chart.encoding)
    assert encoding == {
        "x": {"field": "c0", "type": "quantitative"},
        "y": {"field": "c1", "type": "nominal", "sort": None},
    }
    own = HEAD + "mark: bar\nencoding: {x: {field: cost}, y: {field: park, type: ordinal, sort: [West, North]}}\n"
    assert json.loads(drawn(own).chart.encoding)["y"] == {"field": "c1", "type": "ordinal", "sort": ["West", "North"]}


def test_measures_are_named_with_their_units() -> None:
    made = drawn(HEAD + SCATTER)
    assert made.chart.titles == {"x": "Visits", "y": "Cost (£\N{NO-BREAK SPACE}thousand)"}
    spec = raw_specification(made.chart, WIDE)
    assert spec["encoding"]["x"]["axis"]["title"] == ["Visits"]
    assert spec["title"]["text"] == ["Cost (£ thousand)"]
    assert spec["encoding"]["y"]["axis"]["title"] is None


def test_title_of_the_author_stands_for_the_one_of_the_dataset() -> None:
    spec = raw_specification(drawn(HEAD + SCATTER.replace("visits", "visits, title: People")).chart, WIDE)
    assert spec["encoding"]["x"]["axis"]["title"] == ["People"]
    assert "title" not in spec["encoding"]["x"]


def test_stage_of_the_figures_stands_inside_the_picture() -> None:
    made = drawn(HEAD + SCATTER, phase="Initial draft, November 2023. Not the approved budget.")
    assert raw_specification(made.chart, WIDE)["title"]["text"][0].startswith("Initial draft")
    narrow = raw_specification(made.chart, NARROW)
    assert len(narrow["title"]["text"]) == 3
    assert narrow["width"] == NARROW.width


def test_numbers_in_words_keep_their_qualifiers_and_marks() -> None:
    text = HEAD + "mark: text\nencoding: {y: {field: park}, text: {field: visits}}\n"
    made = drawn(text, parks(extract=EXTRACT.replace("1200", "at least 1200")))
    assert [row[-1] for row in made.chart.rows] == ["at least 1,200", "860 [p]", "not in this paper"]


def test_table_has_the_key_of_the_rows_and_the_columns_that_are_drawn() -> None:
    assert drawn(HEAD + SCATTER).columns == ("park", "visits", "cost")
    assert drawn(HEAD + SCATTER + "where: {park: North}\n").columns == ("visits", "cost")


def test_names_are_broken_into_lines_also_where_the_author_lists_them() -> None:
    long = "The Very Long Name of a Park in the Country"
    text = HEAD + f"mark: bar\nencoding: {{x: {{field: cost}}, y: {{field: park, sort: [{long}, South]}}}}\n"
    spec = raw_specification(drawn(text, parks(extract=EXTRACT.replace("North", long))).chart, NARROW)
    name = spec["data"]["values"][0]["c1"]
    assert name.replace("\n", " ") == long
    assert name.count("\n") == 2
    assert spec["encoding"]["y"]["sort"] == [name, "South"]
    assert spec["height"] == {"step": 66, "for": "position"}


def test_names_without_room_below_the_plot_are_refused() -> None:
    text = HEAD + "mark: bar\nencoding: {y: {field: cost}, x: {field: park}}\n"
    assert crowded(drawn(text).chart) == ""
    assert crowded(drawn(text, parks(extract=EXTRACT.replace("North", "Unconstitutionalities"))).chart) == (
        "Unconstitutionalities"
    )


def test_colours_shapes_and_dashes_are_those_of_the_site() -> None:
    text = SCATTER.replace("}}", "}, color: {field: park}, shape: {field: park}}")
    spec = raw_specification(drawn(HEAD + text).chart, WIDE)["encoding"]
    assert spec["color"]["scale"] == {
        "domain": ["North", "South", "West"],
        "range": ["var(--chart-1)", "var(--chart-2)", "var(--chart-3)"],
    }
    assert spec["shape"]["scale"]["range"] == ["circle", "square", "triangle-up"]
    assert spec["color"]["legend"]["columns"] == 3


def test_legend_that_says_an_axis_again_is_left_out() -> None:
    text = HEAD + "mark: bar\nencoding: {x: {field: cost}, y: {field: park}, color: {field: park}}\n"
    assert raw_specification(drawn(text).chart, WIDE)["encoding"]["color"]["legend"] is None


CUT = "The axis of “Visits” does not show the whole range from zero."


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("x: {field: visits, scale: {zero: false}}", [CUT]),
        ("x: {field: visits, scale: {domain: [0, 2000]}}", []),
        ("x: {field: visits, scale: {domainMin: 500}}", [CUT]),
        ("x: {field: visits, scale: {type: sqrt}}", ["Equal steps on the axis of “Visits” are not equal amounts."]),
        ("x: {field: cost, scale: {zero: false}}", []),
    ],
)  # fmt: skip
def test_axis_that_is_cut_or_bent_is_said(words: str, message: list[str]) -> None:
    made = drawn(HEAD + f"mark: point\nencoding: {{{words}}}\nwhere: {{park: [North, South]}}\n")
    assert list(made.notes) == message


def test_counting_is_said_to_be_ours() -> None:
    text = HEAD + "mark: bar\nencoding: {x: {field: cost, bin: true}, y: {aggregate: count}}\n"
    assert drawn(text).notes == ("Rows are counted by this site.",)
    assert drawn(text).chart.titles["y"] == "Number of rows"


def test_bars_upon_each_other_must_be_parts_of_a_whole() -> None:
    text = HEAD + "mark: bar\nencoding: {x: {field: visits}, color: {field: park}}\nwhere: {park: [North, South]}\n"
    assert said(text)[0].startswith("content/data/parks.yaml does not say that 'North' and 'South' are parts")
    whole = parks(SIDECAR + "partition: [{name: parks, rows: park}]\n", EXTRACT.replace("860 [p]", "860"))
    drawn(text, whole)
    assert said(text.replace("visits", "cost"), whole) == [
        "a stack with a missing or a negative part would look like a whole"
    ]
    drawn(text.replace("color", "y: {field: park}, color").replace("visits", "cost"))


def test_two_units_on_one_axis_are_refused_and_on_two_axes_are_not() -> None:
    drawn(HEAD + SCATTER)
    assert said(HEAD + SCATTER.replace("y:", "x2:"))[0].startswith("different units do not go together")
    mixed = SIDECAR.replace("unit: gbp-thousand", "unit_from: unit").replace(
        "period_type",
        "    - {name: unit, type: string, title: Unit, description: d, role: dimension, unit: text}\nperiod_type",
    )
    extract = "park,visits,cost,unit\nNorth,1,2,gbp\nSouth,1,2,percent\n"
    assert said(HEAD + SCATTER, parks(mixed, extract))[0].startswith("different units do not go together")


def test_more_marks_than_a_page_can_bear_are_refused() -> None:
    rows = "".join(f"P{n},1,2\n" for n in range(MAX_MARKS + 1))
    assert "rows are too many for one picture" in said(HEAD + SCATTER, parks(extract="park,visits,cost\n" + rows))[0]


@pytest.mark.parametrize(
    ("encoding", "mark", "needed"),
    [
        ("y: {field: cost}, color: {field: park}", "point", "shape"),
        ("y: {field: cost}, color: {field: park}", "line", "strokeDash"),
        ("y: {field: park}, color: {field: park}", "point", ""),
        ("y: {field: cost}, color: {field: park}, shape: {field: park}", "point", ""),
    ],
)
def test_colour_alone_tells_nothing_apart(encoding: str, mark: str, needed: str) -> None:
    _, problems = bound(HEAD + f"mark: {mark}\nencoding: {{x: {{field: visits}}, {encoding}}}\n")
    assert [p.message for p in problems] == (["nothing but its colour tells 'park'"] if needed else [])
    assert all(needed in p.hint for p in problems)


def test_alternative_made_from_the_data_says_how_many_and_from_where_to_where() -> None:
    assert drawn(HEAD.replace("Words", "auto") + SCATTER).alt == (
        "Chart of points: visits and cost, 3 values. Visits: 1 of 3 is missing. "
        "Visits: from 860 (provisional) to 1,200. Cost: from −£3.1k to £24.5k."
    )


def test_schema_is_asked_once_and_its_answer_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spec(lines: str = "") -> RawSpec:
        found = read_raw(
            block(lines + HEAD + "mark: {type: point, sise: 3}\nencoding: {x: {field: cost, typ: q}}\n"), []
        )
        assert found is not None
        return found

    first = check_schema(spec(), Store(tmp_path))
    monkeypatch.setattr(schema, "find_errors", None)
    assert check_schema(spec(), Store(tmp_path)) == first
    assert [(p.code, p.message, p.hint) for p in first] == [
        ("bad-vega", "Vega-Lite knows no 'sise'", "did you mean 'size'?"),
        ("bad-vega", "Vega-Lite knows no 'typ' in 'x'", "did you mean 'type'?"),
    ]
    moved = check_schema(spec("# a line above\n"), Store(tmp_path))
    assert [p.at.line - q.at.line for p, q in zip(moved, first, strict=True)] == [1, 1]


SECOND = """
import sys
from pathlib import Path
from generator.build import Options, build
from generator.memo import Store
from generator.sources import snapshot_of
from tests.conftest import page, site_files
block = "```chart\\n" + {head!r} + {scatter!r} + "```\\n"
made = build(snapshot_of(site_files({{"content/a.md": page(block)}})), Store(Path(sys.argv[1])), Options())
assert made.files, made.problems
print(made.counts["charts drawn"], "altair" in sys.modules, "jsonschema" in sys.modules)
"""


def test_chart_is_published_as_every_other_and_a_second_build_loads_neither_altair_nor_its_schema(
    built: Builder, tmp_path: Path
) -> None:
    made = built(site_files({"content/a.md": page(f"```chart\n{HEAD}{SCATTER}```\n")}))
    assert made.problems == ()
    assert made.files[OutputPath("a/index.html")].count(b"<svg") == len(VARIANTS)
    spec: dict[str, Any] = json.loads(made.files[OutputPath("figures/a/spec.json")])
    assert "var(" not in json.dumps(spec)
    assert spec["description"].endswith("Words")
    assert {OutputPath(f"figures/a/{name}") for name in ("a.svg", "a.png", "index.html")} <= made.files.keys()
    code = SECOND.format(head=HEAD, scatter=SCATTER)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "store")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["0", "False", "False"], done.stderr


def test_line_joins_no_figures_of_unknown_periods() -> None:
    mixed = parks(SIDECAR.replace("period_type: financial-year", "period_type: mixed"))
    text = HEAD + "mark: MARK\nencoding: {x: {field: park}, y: {field: cost}}\n"
    assert said(text.replace("MARK", "line"), mixed)[0].startswith("the sidecar does not say for what kind of period")
    assert said(text.replace("MARK", "point"), mixed) == []


def test_figures_of_low_reliability_are_not_drawn() -> None:
    doubtful = parks(extract=EXTRACT.replace("[p]", "[u]"))
    assert said(HEAD + SCATTER, doubtful) == ["figures of low reliability look firm in a picture"]
