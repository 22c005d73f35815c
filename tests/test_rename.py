"""One renamed column in one extract: everything that used it is named in one run, and the site stays as it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

DATASET, OLD, NEW = "haf-places", "offered", "offerred"
EXTRACT = Path("content/data") / f"{DATASET}.csv"
BLOCK = re.compile(r"^```(chart|table|records|figures)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGE = f"""\
---
title: A page of the test
description: It uses the column in every way there is, whatever the other pages do.
---
In prose {{value}}`{DATASET}: {OLD}[holiday=Easter 2021]` and {{value}}`{DATASET}: take_up[{OLD}=2262]`.

```chart
id: test-chart
data: {DATASET}
kind: dumbbell
y: holiday
x: [{OLD}, take_up]
title: T
alt: auto
```

```table
id: test-table
data: {DATASET}
title: T
columns: [holiday, {OLD}]
```

```figures
id: test-figures
figures:
  - {{label: Places, value: "{DATASET}: {OLD}[holiday=Easter 2021]", note: In all}}
```
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the real project with a page more, in which the column is renamed."""
    root = tmp_path_factory.mktemp("renamed")
    for folder in ("content", "templates"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "content" / "test-of-renaming.md").write_text(PAGE, encoding="utf-8")
    extract = root / EXTRACT
    head, newline, rest = extract.read_text(encoding="utf-8").partition("\n")
    assert OLD in head.split(",")
    extract.write_text(head.replace(OLD, NEW) + newline + rest, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def checked(copy: Path) -> subprocess.CompletedProcess[str]:
    """Check it."""
    return run("check", copy)


def run(command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run the real command on a project."""
    arguments = [sys.executable, "-m", "generator", command, "--root", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        arguments, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120, check=False
    )


def uses(root: Path) -> set[tuple[str, int]]:
    """Return path and line of every use of the column in pages and other sidecars, found by its name alone."""
    found: set[tuple[str, int]] = set()
    for file in sorted((root / "content" / "data").glob("*.yaml")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(rf"{DATASET}: {OLD}\b", line):
                found.add((file.relative_to(root).as_posix(), number))
    for file in sorted((root / "content").rglob("*.md")):
        text, path = file.read_text(encoding="utf-8"), file.relative_to(root).as_posix()
        for match in re.finditer(rf"{{value}}`{DATASET}:[^`]*\b{OLD}\b[^`]*`", text):
            found.add((path, text.count("\n", 0, match.start()) + 1))
        for match in BLOCK.finditer(text):
            first = text.count("\n", 0, match.start(2)) + 1
            for number, line in enumerate(match[2].splitlines()):
                named = re.search(rf"\b{OLD}\b", line.partition(":")[2])
                is_column = re.match(r"(x|y|columns|values|rows|pivot|amount|facts|group|target):", line)
                is_value = re.search(rf"{DATASET}:[^\"]*\b{OLD}\b", line)
                is_ours = re.search(rf"^data: *{DATASET} *$", match[2], re.MULTILINE)
                if named and (is_value or (is_ours and is_column)):
                    found.add((path, first + number))
    return found


def test_check_names_the_extract_every_use_and_the_likely_name_in_one_run(
    copy: Path, checked: subprocess.CompletedProcess[str]
) -> None:
    expected = uses(copy)
    assert {path for path, _ in expected} >= {"content/test-of-renaming.md"}
    assert len(expected) >= 4
    result = checked
    assert result.returncode == 1, result.stderr
    heads = re.findall(r"^(content/[^:\n]+):(\d+):\d+: error\[([a-z-]+)\]", result.stderr, re.MULTILINE)
    reported = {(path, int(line)) for path, line, _ in heads}
    assert (EXTRACT.as_posix(), 1) in reported
    assert expected <= reported, f"not reported: {sorted(expected - reported)}\n{result.stderr}"
    problems = [problem for problem in re.split(r"\n\n", result.stderr) if ": error[" in problem]
    for path, line in expected:
        own = [problem for problem in problems if problem.lstrip().startswith(f"{path}:{line}:")]
        assert any(f"did you mean '{NEW}'?" in problem for problem in own), own
    assert f"did you mean '{OLD}'?" in next(problem for problem in problems if EXTRACT.name in problem)


def test_check_reports_nothing_that_the_renaming_did_not_cause(
    copy: Path, checked: subprocess.CompletedProcess[str]
) -> None:
    result = checked
    heads = re.findall(r"^(content/[^:\n]+):(\d+):\d+: error", result.stderr, re.MULTILINE)
    reported = {(path, int(line)) for path, line in heads}
    sidecar = EXTRACT.with_suffix(".yaml").as_posix()
    assert {path for path, _ in reported - uses(copy)} <= {EXTRACT.as_posix(), sidecar}, result.stderr


def test_build_leaves_the_site_as_it_was(copy: Path) -> None:
    site = copy / "site"
    (site / "data").mkdir(parents=True)
    (site / "index.html").write_text("the site of yesterday")
    (site / "data" / "index.html").write_text("its data")
    before = {f: (f.read_bytes(), f.stat().st_mtime_ns) for f in sorted(site.rglob("*")) if f.is_file()}
    result = run("build", copy)
    assert result.returncode == 1
    assert "stays as it was" in result.stderr
    after = {f: (f.read_bytes(), f.stat().st_mtime_ns) for f in sorted(site.rglob("*")) if f.is_file()}
    assert after == before
