"""The chain from a snapshot to the bytes of a site."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator import build as build_module
from generator.build import Options, build, chart_code
from generator.diagnostics import Diagnostic, Location
from generator.facts import Memo
from generator.memo import Store
from generator.paths import OutputPath
from generator.sources import snapshot_of
from tests.conftest import EXTRACT, SIDECAR, Builder, codes, page, site_files

CHART = "```chart\nid: visits\ndata: parks\nkind: bar\ny: park\nx: visits\ntitle: Visits\nalt: auto\n```\n"
INDEX = OutputPath("index.html")


def charted(extract: str = EXTRACT, sidecar: str = SIDECAR) -> dict[str, str | bytes]:
    """Return the smallest project with a chart."""
    return site_files(
        {"content/index.md": page(CHART), "content/data/parks.csv": extract, "content/data/parks.yaml": sidecar}
    )


def test_second_build_draws_no_chart_and_gives_the_same_site(built: Builder) -> None:
    first, second = built(charted()), built(charted())
    assert (first.counts["charts drawn"], first.counts["charts remembered"]) == (2, 0)
    assert (second.counts["charts drawn"], second.counts["charts remembered"]) == (0, 2)
    assert second.files == first.files


def test_changed_title_draws_no_chart_again(built: Builder) -> None:
    built(charted())
    changed = {**charted(), "content/index.md": page(CHART.replace("title: Visits", "title: People"))}
    assert built(changed).counts["charts drawn"] == 0


def test_chart_that_cannot_be_drawn_is_reported_at_its_block(built: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: object, variant: object) -> dict[str, Any]:
        return {"mark": "nonsense", "data": {"values": [{}]}}

    monkeypatch.setattr(build_module, "_specify", broken)
    made = built(charted())
    assert [(p.code, str(p.at)) for p in made.problems] == [("chart-failed", "content/index.md:6:5")] * 2
    assert made.files == {}


def test_charts_wait_until_the_site_has_no_errors_but_for_those_in_words_of_their_own(built: Builder) -> None:
    own = CHART.replace("kind: bar\ny: park\nx: visits", "mark: point\nencoding: {x: {field: visits}}")
    body = f"[x](gone.md)\n\n{CHART}\n{own.replace('id: visits', 'id: own')}"
    made = built({**charted(), "content/index.md": page(body)})
    assert codes(made) == ["broken-link"]
    assert made.counts["charts drawn"] == 2


def test_charts_are_still_known_after_a_build_with_errors(tmp_path: Path) -> None:
    memo, store = Memo(), Store(tmp_path)
    wrong = {**charted(), "content/index.md": page(f"[x](gone.md)\n\n{CHART}")}
    for files in (charted(), wrong):
        build(snapshot_of(files), store, Options(), memo=memo)
    shutil.rmtree(tmp_path)
    store = Store(tmp_path)
    assert build(snapshot_of(charted()), store, Options(), memo=memo).counts["charts drawn"] == 0


def test_problems_of_all_stages_are_reported_in_one_run_in_order(built: Builder) -> None:
    files = site_files(
        {
            "content/site.yaml": "title: T\n",
            "content/sources.yaml": "report: {title: T}\n",
            "content/data/parks.csv": EXTRACT.replace("1200", "1,200"),
            "content/index.md": page("# A\n\n[x](gone.md) {value}`parks: vists`\n"),
            "content/b.md": "No head.\n",
        }
    )
    made = built(files)
    assert {"missing-key", "csv-ragged-row", "heading-order", "broken-link", "unknown-column"} <= set(codes(made))
    assert [p.at for p in made.problems] == sorted(p.at for p in made.problems)
    assert len(set(made.problems)) == len(made.problems)


def test_problems_met_while_reading_the_sources_stop_the_build(tmp_path: Path) -> None:
    problem = Diagnostic("unreadable", "this file cannot be read", Location("content/x.md"))
    made = build(snapshot_of(site_files()), Store(tmp_path), Options(), (problem,))
    assert made.problems == (problem,)
    assert made.files == {}


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    build(snapshot_of(charted()), Store(tmp_path), Options(on_step=lambda *step: seen.append(step)))
    assert [step for step in seen if step[0] == "Drawing charts"] == [("Drawing charts", n, 2) for n in (1, 2)]
    assert seen[-1][1] == seen[-1][2]


def test_drawing_code_has_one_name_in_one_process() -> None:
    assert chart_code() == chart_code()
    assert len(chart_code()) == 32


def test_control_character_in_a_cell_is_a_problem_and_no_crash(built: Builder) -> None:
    made = built(charted(EXTRACT.replace("North", "No\x01rth")))
    assert [(p.code, str(p.at)) for p in made.problems] == [("hidden-character", "content/data/parks.csv:2:1")]


def test_number_of_many_digits_is_a_problem_and_no_crash(built: Builder) -> None:
    extract = EXTRACT.replace("1200", "9" * 40)
    made = built(charted(extract, SIDECAR.replace("unit: count, of: visits", "unit: gbp")))
    assert [(p.code, str(p.at)) for p in made.problems] == [("bad-number", "content/data/parks.csv:2:7")]
