"""The handbook's page on the quarterly update shows what the commands really say, one after the other."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.command import CHECKOUT, run, write_project
from tests.conftest import PAPERS, SITE, page
from tests.workbook import xlsx

PAGE = CHECKOUT / "content" / "help" / "editing" / "quarterly-update.md"
SIDECAR = """\
name: parks
path: parks.csv
title: Visits to parks
description: Visits to each park of the council in each quarter, counted at the gates of the parks.
source: {paper: report, item: Item 4}
period: Quarter 4 2023/24
covers_to: 2024-03-31
period_type: quarter
phase: reported
basis: level
geography: council
editions:
  - {paper: report}
schema:
  primaryKey: [published_in, park]
  fields:
    - {name: published_in, type: string, title: Published in, description: The paper., role: dimension, unit: category}
    - {name: park, type: string, title: Park, description: Its name., role: dimension, unit: category}
    - {name: kind, type: string, title: Kind, description: Its kind., role: dimension, unit: category,
       constraints: {required: true}}
    - {name: visits, type: integer, title: Visits, description: At the gates., role: measure, unit: count, of: visits}
"""
BODY = """\
The north had {value}`parks: visits[park=North]` visits.

```table
id: visits
data: parks
title: Visits
```
"""
FILES = {
    "content/site.yaml": SITE,
    "content/sources.yaml": PAPERS,
    "content/data/parks.yaml": SIDECAR,
    "content/data/parks.csv": "published_in,park,kind,visits\nreport,North,wood,1200\nreport,South,lake,860\n",
    "content/parks.md": page(BODY, title="Parks", more="commentary_for: report\n"),
    "content/index.md": page("Figures.", title="Home"),
}
ROWS: list[list[str | float | None]] = [["Visits to parks"], [], ["Park", "Visits this quarter"]]


def steps() -> list[tuple[str, str]]:
    """Return each command of the page with what the page says that it prints."""
    blocks = re.findall(r"^```\n(\$ .+?)\n```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    parts = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    return [(command, said.strip("\n")) for command, _, said in (part.partition("\n") for part in parts)]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Run the commands of the page one after the other; return each with what the page shows and what was printed."""
    root = write_project(tmp_path_factory.mktemp("handbook"), FILES)
    (root / "parks.xlsx").write_bytes(xlsx({"Quarter 1": [*ROWS, ["North", 1310.0], ["Suoth", 9050.0]]}))
    (root / "parks-mended.xlsx").write_bytes(xlsx({"Quarter 1": [*ROWS, ["North", 1310.0], ["South", 905.0]]}))
    found = []
    for command, expected in steps():
        program, name, *words = shlex.split(command)
        assert program == "transparency"
        dated = ["--today", "2024-06-10"] if name in ("review", "correct") else []
        made = run(name, *words, *dated, cwd=root)
        found.append((command, expected, (made.stdout + made.stderr).strip("\n")))
    return found


def test_page_walks_through_all_commands_of_an_update() -> None:
    assert [command.split()[1] for command, _ in steps()] == [
        "receive", "import", "import", "import", "review", "import", "review", "review", "review", "correct",
    ]  # fmt: skip


def test_description_that_the_page_shows_is_that_of_the_example() -> None:
    text = PAGE.read_text("utf-8")
    (shown,) = re.findall(r"^```\n(editions:.+?)\n```$", text, re.DOTALL | re.MULTILINE)
    assert shown in SIDECAR


@pytest.mark.parametrize("number", range(10))
def test_page_shows_what_the_command_prints(said: list[tuple[str, str, str]], number: int) -> None:
    command, expected, printed = said[number]
    assert printed == expected, f"the page is out of step; {command} prints:\n\n{printed}"
