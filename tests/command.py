"""Run the real command in a process of its own, on the real project or on a small one."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
PROJECT = Path(os.environ.get("TRANSPARENCY_PROJECT", CHECKOUT))
"""The project whose pages are tested; another one, e.g. that of another council, can be named."""
FULL = bool(os.environ.get("FULL"))
"""Whether to test everything there is, however long it takes."""

SMALL = {
    "content/site.yaml": """\
title: Small in figures
council: Small Council
publisher_role: independent
note: Not run by Small Council. Its figures are taken from the council's public papers.
base_url: https://small.example/
menu: [/roads/, /data/]
footer: [/data/sources/]
licence:
  title: Open Government Licence v3.0
  url: https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/
attribution: Contains public sector information licensed under the Open Government Licence v3.0.
contact: help@small.example
""",
    "content/sources.yaml": """\
budget-2024:
  title: Budget 2024-25
  meeting: Council
  date: 2024-02-19
  publisher: Small Council
  description: The budget for 2024-25 as the council approved it.
""",
    "content/data/spending.csv": "year,service,amount\n2023-24,Roads,120.5\n2023-24,Parks,30\n"
    "2024-25,Roads,131.5\n2024-25,Parks,28.25 [p]\n",
    "content/data/spending.yaml": """\
name: spending
path: spending.csv
title: Spending on two services
description: What the council plans to spend on roads and parks in two years.
source: {paper: budget-2024, item: Item 5, page: 3, table: Table 1, lines: "1-9"}
period: 2023-24 to 2024-25
period_type: financial-year
phase: approved
basis: level
geography: council
checked: 2024-03-01
schema:
  primaryKey: [year, service]
  missingValues: ["", "[x]"]
  fields:
    - {name: year, type: string, title: Year, description: Financial year., role: dimension, unit: financial-year}
    - {name: service, type: string, title: Service, description: Service., role: dimension, unit: category}
    - name: amount
      type: number
      title: Planned spending
      description: Planned net spending.
      role: measure
      unit: gbp-million
""",
    "content/index.md": """\
---
title: Small in figures
description: What Small Council plans to spend on roads and on parks, from its own papers.
---
## Spending at a glance

Roads are to have {value}`spending: amount[year=2024-25; service=Roads] | million` in 2024-25.

```chart
id: spending-by-service
data: spending
kind: bar
y: service
x: amount
where: {year: 2024-25}
title: Roads cost more than parks
alt: auto
```
""",
    "content/roads/index.md": """\
---
title: Roads
description: What Small Council plans to spend on its roads in two years, from its own papers.
---
## Two years

```chart
id: roads-by-year
data: spending
kind: bar
x: year
y: amount
where: {service: Roads}
title: Spending on roads rises
alt: auto
```

```table
id: spending-table
data: spending
columns: [year, service, amount]
title: Planned spending
```
""",
}
"""A project in which everything is right, and nothing is warned of."""


def write_project(root: Path, files: Mapping[str, str] = SMALL) -> Path:
    """Write *files* below *root*; the templates are those of the checkout."""
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    return root


def arguments(*words: str | Path) -> list[str]:
    """Return the command line of the program in this checkout."""
    return [sys.executable, "-m", "generator", *map(str, words)]


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return the environment for the command: this one without what a host sets, with *changes*; `None` removes."""
    made: dict[str, str | None] = {**os.environ, "PYTHONPATH": str(CHECKOUT), "URL": None, **(changes or {})}
    return {name: value for name, value in made.items() if value is not None}


def run(
    *words: str | Path, env: Mapping[str, str | None] | None = None, cwd: Path = CHECKOUT
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        arguments(*words),
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )


def build_site(root: Path, output: Path, *words: str) -> Path:
    """Build the project at *root* into *output*; whatever its content gets wrong fails the test."""
    made = run("build", "--root", root, "--output", output, *words)
    if made.returncode:
        pytest.fail(f"the project at {root} cannot be built:\n{made.stderr}", pytrace=False)
    return output


def real_site(factory: pytest.TempPathFactory, *words: str) -> Path:
    """Return the folder of the real site, built by the real command once for all processes of a test run."""
    mine = factory.getbasetemp()
    folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "_".join(["real", *words]).replace(
        "/", ""
    )
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            build_site(PROJECT, folder / "site", *words)
            (folder / "whole").touch()
    return folder / "site"


def sample(pages: list[str], most: int = 40) -> list[str]:
    """Return *most* of the addresses, the same each time, or all of them for a full test.

    Pages of a kind, e.g. below ``figures/``, are alike; each kind gives as many as there is room for.
    """
    if FULL or len(pages) <= most:
        return pages
    kinds: dict[str, list[str]] = {}
    for page in random.Random(7).sample(sorted(pages), len(pages)):
        kinds.setdefault("/".join(page.split("/")[:-2]), []).append(page)
    turns = itertools.chain.from_iterable(itertools.zip_longest(*kinds.values()))
    return sorted(itertools.islice((page for page in turns if page is not None), most))


def expect_none(problems: Iterable[str]) -> None:
    """Fail with all *problems*, one a line, if there are any."""
    if found := list(problems):
        pytest.fail("\n".join([f"{len(found)} found:", *found]), pytrace=False)


def tree(folder: Path) -> dict[str, str]:
    """Return the digest of each file below *folder* by its name."""
    files = sorted(place for place in folder.rglob("*") if place.is_file())
    return {place.relative_to(folder).as_posix(): hashlib.sha256(place.read_bytes()).hexdigest() for place in files}
