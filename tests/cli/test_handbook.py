"""Every code block of the handbook is run, in the order of its page, on the project that the page begins with.

A block says by itself, or by the end of the paragraph before it, what it is; there is no other kind:

- it begins with `$`: its commands are run (`transparency …`, and `cd FOLDER`), and each prints what stands below it.
  Seconds are always 0.5 there; "Drawing charts", which a terminal shows as a bar, is left out;
- "… as `FILE`:" writes it to that file, and "… at the end of `FILE`:" adds it there;
- "… in `FILE`:" shows lines that stand in that file, once;
- "… in their place:" replaces the lines that the block before it showed.

``--update-golden`` writes into the pages what the commands print; read the diff.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from generator.cli import cli
from tests.command import CHECKOUT, arguments, environment, write_project
from tests.conftest import PAPERS, SITE, page
from tests.workbook import xlsx

HANDBOOK = CHECKOUT / "content" / "help" / "editing"
PAGES = sorted(place.stem for place in HANDBOOK.glob("*.md"))
TODAY = "2025-06-16"
"""The day of all walks: after the papers that they tell of, before the pages that they keep back."""

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
QUARTER = {
    "content/site.yaml": SITE,
    "content/sources.yaml": PAPERS,
    "content/data/parks.yaml": SIDECAR,
    "content/data/parks.csv": "published_in,park,kind,visits\nreport,North,wood,1200\nreport,South,lake,860\n",
    "content/parks.md": page(BODY, title="Parks", more="commentary_for: report\n"),
    "content/index.md": page("Figures.", title="Home"),
}
ROWS: list[list[str | float | None]] = [["Visits to parks"], [], ["Park", "Visits this quarter"]]


def begin_quarter(root: Path) -> None:
    """Write a site whose dataset grows, and the workbooks of its next quarter."""
    write_project(root, QUARTER)
    (root / "parks.xlsx").write_bytes(xlsx({"Quarter 1": [*ROWS, ["North", 1310.0], ["Suoth", 9050.0]]}))
    (root / "parks-mended.xlsx").write_bytes(xlsx({"Quarter 1": [*ROWS, ["North", 1310.0], ["South", 905.0]]}))


PROMISES = {
    "starting-a-site": [("index.html", "There is no Elmshire, and all figures of this site are made up.")],
    "writing-a-page": [
        ("libraries/opening-hours/index.html", "These hours are made up"),
        ("opening-times/index.html", "/libraries/opening-hours/"),
    ],
    "adding-figures": [("parks/index.html", "87,000"), ("parks/index.html", "87,100"),
                       ("parks/index.html", "The paper does not say why.")],
    "adding-an-indicator": [("indicators/index.html", "Complaints answered late")],
    "showing-figures": [
        ("libraries/visits/index.html", ">45,300</a>"),
        ("libraries/visits/index.html", ">1,400 more</a>"),
        ("figures/visits-compared/index.html", "The North library had the most visits in 2024-25"),
    ],
    "publishing": [("libraries/index.html", ">39,400</a>")],
    "quarterly-update": [
        ("data/changes/index.html", "The council counted one gate twice."), ("parks/index.html", ">1,310</a>"),
    ],
}  # fmt: skip
"""What stands on the site after the walk of a page: a file, and a text in it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page."""

    text: str
    lead: str
    """The paragraph before it."""
    first: int
    last: int
    """Its lines in the page, those of the fences left out."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What came of a page: the project, the blocks that are out of step with what they now say, and the last words."""

    root: Path
    problems: tuple[str, ...]
    told: tuple[str, ...]
    """What the commands printed."""


def blocks(text: str) -> list[Block]:
    """Return the blocks of code of a page with what leads to each."""
    found, lead = [], ""
    for token in MarkdownIt().parse(text):
        if token.type == "inline":
            lead = token.content
        elif token.type in ("fence", "code_block"):
            assert token.map is not None
            found.append(Block(token.content, lead, token.map[0] + 1, token.map[1] - 1))
            lead = ""
    return found


def even(text: str) -> str:
    """Take out of *text* what differs from run to run: seconds, and the port, since the usual one may be taken."""
    text = re.sub(r"^Drawing charts: \d+\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", text)
    return re.sub(r"\b\d+\.\d+ s$", "0.5 s", text, flags=re.MULTILINE)


def dated(words: list[str]) -> list[str]:
    """Return the arguments of a command with the day of the walk, where it takes a day and names none."""
    command: click.Command = cli
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
    takes = any(parameter.name == "today" for parameter in command.params)
    return [*words, "--today", TODAY] if takes and "--today" not in words else words


def served(words: list[str], root: Path) -> str:
    """Serve the project until its pages can be read, then press Ctrl-C; return what was printed."""
    with subprocess.Popen(
        arguments(*words, "--port", "0"), cwd=root, env=environment({"PYTHONUNBUFFERED": "1"}),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = ""
        while not (address := re.search(r"http://([\d.:]+)", said)):
            line = process.stdout.readline()
            assert line, said
            said += line
        connection = http.client.HTTPConnection(address[1], timeout=20)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        return said + process.stdout.read()


def run(command: str, root: Path) -> str:
    """Return what *command* prints, as a person sees it."""
    program, *words = shlex.split(command)
    assert program == "transparency", f"'{command}' is no command of the handbook"
    if words[0] == "serve":
        return served(dated(words), root)
    with contextlib.chdir(root):
        made = CliRunner(env={"URL": None}).invoke(cli, dated(words))
    if made.exception and not isinstance(made.exception, SystemExit):
        raise made.exception
    return made.output


def shown(block: Block, root: Path, told: list[str]) -> tuple[str, Path]:
    """Run the commands of *block*; return the text that the page has to show, and the folder that was gone to."""
    text = ""
    for command in re.findall(r"^\$ (.+)$", block.text, re.MULTILINE):
        text += f"$ {command}\n"
        if command.startswith("cd "):
            root /= command.removeprefix("cd ")
            assert root.is_dir()
            continue
        told.append(even(run(command, root)).strip("\n"))
        text += told[-1] + "\n" if told[-1] else ""
    return text, root


def walked(text: str, root: Path) -> tuple[Path, list[str], list[str], str]:
    """Do what a page says; return the last folder, what is out of step, what was printed, and the right page."""
    lines = text.splitlines(keepends=True)
    problems: list[str] = []
    told: list[str] = []
    moved = 0
    seen: tuple[Path, str] | None = None
    for block in blocks(text):
        place = re.search(r"(as|at the end of|in) `([^`\s]+)`:$", block.lead)
        file = root / place[2] if place else None
        if block.text.startswith("$ "):
            right, root = shown(block, root, told)
            if right != block.text:
                problems.append(f"line {block.first + 1}: the page is out of step; it has to show:\n\n{right}")
            lines[block.first + moved : block.last + moved] = right.splitlines(keepends=True)
            moved += right.count("\n") - (block.last - block.first)
        elif file and place and place[1] == "as":
            write_project(file.parent, {file.name: block.text})
        elif file and place and place[1] == "at the end of":
            file.write_text(file.read_text("utf-8") + block.text, "utf-8")
        elif file and file.read_text("utf-8").count(block.text) == 1:
            seen = file, block.text
        elif seen and re.search(r"in (their|its) place:$", block.lead):
            seen[0].write_text(seen[0].read_text("utf-8").replace(seen[1], block.text), "utf-8")
            seen = None
        else:
            there = f"; the file is:\n\n{file.read_text('utf-8')}" if file else ""
            problems.append(f"line {block.first + 1}: nothing says what this block is for, or it is not there{there}")
    return root, problems, told, "".join(lines)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site that `new site` begins, with its charts drawn."""
    root = tmp_path_factory.mktemp("example") / "site"
    run(f"transparency new site {root}", root.parent)
    run("transparency check", root)
    return root


@pytest.fixture(scope="module", params=PAGES)
def walk(request: pytest.FixtureRequest, example: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Walk]:
    """Walk through one page of the handbook; most begin with the example site."""
    name: str = request.param
    start = tmp_path_factory.mktemp("handbook") / "project"
    if name == "starting-a-site":
        start.mkdir()
    elif name == "quarterly-update":
        begin_quarter(start)
    else:
        shutil.copytree(example, start)
    place = HANDBOOK / f"{name}.md"
    text = place.read_text("utf-8")
    root, problems, told, right = walked(text, start)
    if request.config.getoption("--update-golden"):
        place.write_text(right, "utf-8")
    return name, Walk(root, tuple(problems), tuple(told))


def test_every_block_of_the_page_does_what_the_page_says(walk: tuple[str, Walk]) -> None:
    assert not walk[1].problems, "\n\n".join(walk[1].problems)


@pytest.mark.parametrize("lead", ["Write this:", "It stands in `site.yaml`:", "Write it in its place:"])
def test_block_that_no_sentence_explains_is_reported(lead: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"site.yaml": "title: Parks\n"})
    _, (problem,), _, _ = walked(f"{lead}\n\n```\ntitle: Roads\n```\n", tmp_path)
    assert problem.startswith("line 4: nothing says what this block is for")


def test_site_is_right_after_the_walk_and_has_what_the_page_promises(walk: tuple[str, Walk]) -> None:
    name, done = walk
    if not done.told:
        return
    said = run("transparency build --strict", done.root)
    assert "files written" in said, said
    for file, text in PROMISES.get(name, []):
        assert text in (done.root / "site" / file).read_text("utf-8"), f"{file} has no {text}"
