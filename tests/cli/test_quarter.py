"""An officer adds a quarter to the indicators of the real site, with the real commands and a made-up workbook.

Three slips are in the workbook: a row whose results stand one column too far, thousands where millions are meant, and a
target left out.  The review finds all three.  Nothing is written by hand but the command lines.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from generator.build import Options, load_config
from generator.library import read_library
from generator.paths import SourcePath
from generator.pending import with_sources
from generator.sources import read_snapshot
from tests import quarter
from tests.command import CHECKOUT, build_site, run, tree

SCORES, VALUES = "kpi-scorecard", "kpi-values-targets-floors"
PAPER, PERIOD = "cabinet-2024-09", "Quarter 1 2024/25 (April to June 2024)"
EDITION = ("--period", PERIOD, "--covers-to", "2024-06-30", "--item", "Item 6")
KINDS = (
    "what=value: value=Result, detail=What it counts",
    "what=target: value=Target, detail=Limits are met",
    "what=target,, lower end, detail=At or above: value=Target from",
    "what=target,, upper end, detail=At or below: value=Target to",
    "what=floor: value=Floor, detail=Limits are met",
    "what=numerator, unit=gbp-million: value=Amount secured (£m)",
)
WORDS = ("%=percent", "number=count", "per 100,000=rate")


@dataclass(frozen=True)
class Walk:
    """What the commands said, in the order of the walk, and the project as they left it."""

    root: Path
    before: dict[str, str]
    said: dict[str, str]
    codes: dict[str, int]

    @cached_property
    def site(self) -> Path:
        """The site, built once."""
        return build_site(self.root, self.root / "site")

    def page(self, url: str) -> str:
        """Return the text of a page, with single spaces."""
        html = (self.site / url.strip("/") / "index.html").read_text("utf-8")
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    root = tmp_path_factory.mktemp("quarter")
    shutil.copytree(CHECKOUT / "content", root / "content")
    if (CHECKOUT / ".cache").is_dir():  # drawings, which this test does not need to make again
        shutil.copytree(CHECKOUT / ".cache", root / ".cache")
    before = tree(root / "content")
    sent, mended = root / "kpis.xlsx", root / "kpis, second copy.xlsx"
    sent.write_bytes(quarter.workbook(root / "content", slips=True))
    mended.write_bytes(quarter.workbook(root / "content", slips=False))
    said: dict[str, str] = {}
    codes: dict[str, int] = {}

    def do(step: str, *words: str | Path) -> None:
        made = run(*words, "--root", root)
        said[step], codes[step] = made.stdout + made.stderr, made.returncode

    columns = "indicator=Indicator, rating=Rating, rating_year_earlier=Rating a year before"
    scores = ("--dataset", SCORES, *EDITION, "--columns", columns)
    kinds = [word for kind in KINDS for word in ("--rows", kind)] + [w for word in WORDS for w in ("--alias", word)]
    do("receive", "receive", sent, "--paper", PAPER, "--meeting", "Cabinet", "--description", "Made up for a test.")
    do("try", "import", sent, *scores, "--dry-run")
    said["after trying"] = json.dumps(sorted(set(tree(root / "content")) - set(before)))
    do("scores", "import", sent, *scores)
    do("values", "import", sent, "--dataset", VALUES, *EDITION, "--columns", "indicator=Indicator, unit=Unit", *kinds)
    do("review", "review")
    do("mended", "import", mended, "--dataset", VALUES)
    do("reread", "review", "--reread", "content/performance/newest.md", "--finish")
    do("targets", "review", "--accept", "target/*", "--because", "Targets and floor standards for 2024/25.")
    gone = ("--accept", "vanished/*/numerator/*", "--accept", "left-out/*")
    do("finish", "review", *gone, "--because", "The new report prints results and limits only.", "--finish",
       "--today", "2024-09-27")  # fmt: skip
    said["finished"] = (root / "content" / "data" / f"{VALUES}.csv").read_text("utf-8")
    place = "published_in=council-2024-07; indicator_id=contact-point-calls-answered; what=value"
    do("correct", "correct", VALUES, place, "value", "91", "--kind", "revision", "--because",
       "The council counted late calls too.", "--today", "2024-10-01")  # fmt: skip
    return Walk(root, before, said, codes)


def test_paper_is_registered_with_what_its_file_says_and_its_digest(walk: Walk) -> None:
    assert walk.codes["receive"] == 0, walk.said["receive"]
    written = (walk.root / "content" / "sources.yaml").read_text("utf-8")
    old = (CHECKOUT / "content" / "sources.yaml").read_text("utf-8")
    assert written.startswith(old)
    added = written.removeprefix(old)
    assert 'title: "Made-up report"' in added
    assert 'date: "2024-09-19"' in added
    assert re.search(r'sha256: "?[0-9a-f]{64}"?\n', added)


def test_dry_run_shows_the_rows_and_writes_nothing(walk: Walk) -> None:
    assert walk.codes["try"] == 0, walk.said["try"]
    assert f"{PAPER} | potholes-in-time | Environment and Transport | " in walk.said["try"]
    assert walk.said["try"].endswith("38 rows for 'kpi-scorecard'; nothing was written\n")
    assert json.loads(walk.said["after trying"]) == []


def test_names_sections_and_units_are_carried_over(walk: Walk) -> None:
    assert walk.codes["values"] == 0, walk.said["values"]
    assert "carried over from the edition before: id, polarity, section, short_name\n" in walk.said["scores"]
    assert "carried over from the edition before: basis, detail, indicator_id, of\n" in walk.said["values"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (f"vanished/{VALUES}/{quarter.SHIFTED}/value/", "was 89%, and is not in the new edition"),
        (f"vanished/{VALUES}/{quarter.DROPPED}/target/", "was 23,844, and is not in the new edition"),
        (f"jump/{VALUES}/{quarter.THOUSANDS}/numerator/", "about 1,000 times as much"),
    ],
    ids=["a column shifted", "a target dropped", "thousands for millions"],
)
def test_review_finds_the_slip(walk: Walk, name: str, words: str) -> None:
    assert walk.codes["review"] == 1
    shown = walk.said["review"]
    assert f"  [open] {name}" in shown
    found = shown.split(f"  [open] {name}", 1)[1].split("\n  ", 3)
    assert words in "\n".join(found[:3])


def test_review_names_the_cell_of_the_workbook_and_the_line_of_the_extract(walk: Walk) -> None:
    jump = walk.said["review"].split(f"[open] jump/{VALUES}", 1)[1]
    line = re.search(r"at: content/data/(\S+)\.csv:(\d+):1; kpis\.xlsx, sheet Indicators, cell (\w+)\n", jump)
    assert line
    assert (line[1], line[3]) == (VALUES, "J13")


def test_review_tells_ratings_and_sentences_that_change(walk: Walk) -> None:
    shown = walk.said["review"]
    assert "potholes-in-time: Green before, Amber now" in shown
    assert "foster-care-in-house: Red before, Green now" in shown
    assert "content/performance/newest.md:27:1" in shown.split("Sentences that say another figure now")[1]
    assert "the chart “Shares of road work done in time” shows other figures" in shown


def test_words_about_the_report_before_keep_the_update_back(walk: Walk) -> None:
    assert "[mend] old-commentary/performance-newest-md/" in walk.said["review"]
    assert "old-commentary" not in walk.said["reread"]


def test_mended_workbook_takes_the_place_of_the_first_copy(walk: Walk) -> None:
    assert walk.codes["mended"] == 0, walk.said["mended"]
    assert f"/{quarter.SHIFTED}/value/" not in walk.said["reread"]
    assert f"/{quarter.DROPPED}/target/at-or-above/count\n" not in walk.said["reread"].split("Targets")[0]
    assert "jump/" not in walk.said["reread"]
    assert "To mend" not in walk.said["reread"]


def test_update_is_not_taken_over_while_anything_is_open(walk: Walk) -> None:
    assert walk.codes["reread"] == 1
    assert "19 to decide" in walk.said["reread"]
    assert "taken over" not in walk.said["reread"]


def test_only_what_the_commands_write_has_changed(walk: Walk) -> None:
    assert walk.codes["finish"] == 0, walk.said["finish"]
    after = tree(walk.root / "content")
    assert {name for name in {*after, *walk.before} if after.get(name) != walk.before.get(name)} == {
        "changes.csv",
        "sources.yaml",
        "performance/newest.md",
        *(f"data/{name}{end}" for name in (SCORES, VALUES) for end in (".csv", ".yaml", ".import.yaml")),
    }
    assert not (walk.root / ".update.json").exists()


def test_rows_are_appended_and_those_before_are_as_they_were(walk: Walk) -> None:
    old = (CHECKOUT / "content" / "data" / f"{VALUES}.csv").read_text("utf-8")
    assert walk.said["finished"].startswith(old)
    added = walk.said["finished"].removeprefix(old).splitlines()
    assert len(added) == 115
    assert all(line.startswith(f"{PAPER},") for line in added)


def test_page_of_the_newest_report_shows_the_new_quarter(walk: Walk) -> None:
    shown = walk.page("/performance/newest/")
    assert "rates 38 indicators. Of these, 17 are Green, 12 are Amber and 9 are Red." in shown
    assert PERIOD in shown
    assert "Quarter 4 2023/24" not in shown


def test_pages_of_the_year_before_stay_as_they_were(walk: Walk) -> None:
    assert "Quarter 1 2024/25" not in walk.page("/performance/2023-24/")
    assert "Quarter 1 2024/25" not in walk.page("/performance/2023-24/values/")


def test_chart_is_drawn_from_the_new_quarter(walk: Walk) -> None:
    spec = json.loads((walk.site / "figures" / "newest-road-work" / "spec.json").read_text("utf-8"))
    assert {row["c2"] for rows in spec["datasets"].values() for row in rows if "c2" in row} == {86.0, 80.0, 85.0}


def test_every_new_rating_is_recomputed_and_agrees(walk: Walk) -> None:
    checks = json.loads((walk.site / "data" / "checks.json").read_text("utf-8"))["checks"]
    ratings = [check for check in checks if (check["dataset"], check["check"]) == (SCORES, "recomputed-rating")]
    assert len(ratings) == 2 * 38
    assert [check["result"] for check in ratings[38:]] == ["agrees"] * 38


def test_change_list_names_the_edition_and_the_revision(walk: Walk) -> None:
    assert walk.codes["correct"] == 0, walk.said["correct"]
    shown = walk.page("/data/changes/")
    assert "27 September 2024" in shown
    assert "115 rows were added. From Made-up report, Quarter 1 2024/25 (April to June 2024)." in shown
    assert "Targets and floor standards for 2024/25." in shown
    assert "Figure was 92% and is 91% (revised). The council counted late calls too." in shown
    assert "Revision, planned by the source" in shown


def test_revised_value_is_marked_and_noted_wherever_it_is_shown(walk: Walk) -> None:
    row = next(
        line for line in (walk.root / "content" / "data" / f"{VALUES}.csv").read_text("utf-8").splitlines()
        if line.startswith("council-2024-07,contact-point-calls-answered,")
    )  # fmt: skip
    assert ",91 [r]," in row
    assert "91% (revised) of calls were answered" in walk.page("/performance/contact-and-complaints/")
    assert (
        "1 October 2024: % of phone calls to Contact Point which were answered, value, Calls that were answered"
        in walk.page(f"/data/{VALUES}/")
    )


def test_figure_that_changes_without_a_record_is_found(walk: Walk) -> None:
    snapshot = read_snapshot(walk.root).value
    path = SourcePath(f"content/data/{SCORES}.csv")
    data = snapshot.sources[path].data

    def found(data: bytes) -> list[str]:
        other = with_sources(snapshot, {path: data})
        problems = read_library(other, load_config(other, Options()).value).problems
        return [problem.message for problem in problems if problem.code == "unrecorded-change"]

    assert found(data) == []
    assert found(data.replace(b"Green,[x],Green,[x]", b"Red,[x],Green,[x]")) == [
        f"figures published in '{PAPER}' have changed without a record"
    ]
