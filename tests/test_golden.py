"""Whole tiny projects give exactly the files and the problems that stand beside them.

A case is a folder ``golden/<case>/`` with ``in/`` (the project), ``out/`` (the site) and ``problems.txt`` (every
diagnostic as it is printed).  Its templates are those of ``golden/_templates``, unless ``in/templates`` brings others.
``showcase`` is built with the templates of the project.  What a case gave stands in ``out-changed/`` when it differs.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.build import Options, build
from generator.diagnostics import render
from generator.memo import Store
from generator.sources import snapshot_of
from tests.conftest import GOLDEN, ROOT, mini_templates

CASES = sorted(folder.name for folder in GOLDEN.iterdir() if (folder / "in").is_dir())
LARGE = 2000
"""Bytes of an asset from which its name alone is compared: the name ends with the digest of the bytes."""


def folder_files(folder: Path) -> dict[str, bytes]:
    """Return the files below *folder*."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def project(case: str) -> dict[str, str | bytes]:
    """Return the sources of a case."""
    files: dict[str, str | bytes] = {}
    if case == "showcase":
        files.update({f"templates/{path}": data for path, data in folder_files(ROOT / "templates").items()})
    else:
        files.update(mini_templates())
    files.update(folder_files(GOLDEN / case / "in"))
    return files


def outcome(case: str, store: Path) -> dict[str, bytes]:
    """Build a case: the files of its site below ``out/``, and its problems."""
    snapshot = snapshot_of(project(case))
    made = build(snapshot, Store(store), Options())
    found = {f"out/{output}": shown(output, data) for output, data in made.files.items()}
    problems = "\n\n".join(render(problem, snapshot.text(problem.at.path)) for problem in made.problems)
    found["problems.txt"] = f"{problems}\n".encode() if problems else b""
    return found


def shown(output: str, data: bytes) -> bytes:
    """Return what is compared of a file; of an image the digest of its pixels, of a picture all but its fonts."""
    if output.startswith("assets/") and len(data) > LARGE:
        return b"Named by its bytes.\n"
    if output.startswith("figures/") and output.endswith(".png"):
        pixels = zlib.decompress(data[data.index(b"IDAT") + 4 : -16])
        return f"{hashlib.sha256(pixels).hexdigest()}\n".encode()
    return re.sub(rb"(?<=base64,)[A-Za-z0-9+/=]+", b"FONT", data) if output.endswith(".svg") else data


def expectation(case: str) -> dict[str, bytes]:
    """Return what stands beside a case; a case without problems may leave ``problems.txt`` out."""
    folder = GOLDEN / case
    found = {f"out/{path}": data for path, data in folder_files(folder / "out").items()}
    if (folder / "problems.txt").is_file():
        found["problems.txt"] = (folder / "problems.txt").read_bytes()
    return found


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below *folder*."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def difference(expected: Mapping[str, bytes], actual: Mapping[str, bytes]) -> str:
    """Return the unified differences of two sets of files, and which of them only one has."""
    parts = []
    for path in sorted({*expected, *actual}):
        if path not in actual:
            parts.append(f"{path} was expected and is missing")
        elif path not in expected:
            parts.append(f"{path} is new")
        if expected.get(path, b"") != actual.get(path, b""):
            old, new = (files.get(path, b"").decode(errors="replace").splitlines() for files in (expected, actual))
            lines = difflib.unified_diff(old, new, f"expected/{path}", f"actual/{path}", lineterm="", n=1)
            parts += [line[:300] for line in list(lines)[:60]]
    return "\n".join(parts)


@pytest.mark.parametrize("case", CASES)
def test_project_gives_the_expected_site_and_problems(
    case: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder, changed = GOLDEN / case, GOLDEN / case / "out-changed"
    actual, expected = outcome(case, tmp_path), expectation(case)
    shutil.rmtree(changed, ignore_errors=True)
    if request.config.getoption("--update-golden") or not (expected or os.environ.get("CI")):
        shutil.rmtree(folder / "out", ignore_errors=True)
        write(actual, folder)
        return
    if actual != expected:
        write(actual, changed)
        lead = f"{case} differs; see {changed.name}/, or run with --update-golden"
        pytest.fail(f"{lead}\n{difference(expected, actual)}", pytrace=False)


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("bad-")])
def test_bad_project_publishes_nothing(case: str) -> None:
    assert set(expectation(case)) == {"problems.txt"}
    assert b": error[" in expectation(case)["problems.txt"]


def test_outcome_does_not_hang_on_the_order_of_the_sources(tmp_path: Path) -> None:
    files = project("values")
    turned = dict(reversed(files.items()))
    made = [build(snapshot_of(each), Store(tmp_path), Options()) for each in (files, turned)]
    assert made[0].files == made[1].files
    assert made[0].problems == made[1].problems
