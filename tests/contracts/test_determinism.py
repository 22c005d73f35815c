"""The same content gives the same bytes, wherever, whenever and by however many processes it is built."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import CHECKOUT, FULL, PROJECT, expect_none, run, tree

Files = Mapping[str, bytes]

ONE: dict[str, str | None] = {
    "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0", "COLUMNS": "40",
}  # fmt: skip
OTHER: dict[str, str | None] = {
    "TZ": "America/New_York", "LANG": "de_DE.UTF-8", "LC_ALL": None, "PYTHONHASHSEED": "4711", "PYTHONUTF8": "1",
    "COLUMNS": "200", "SOURCE_DATE_EPOCH": "86400", "HOME": "/nonexistent", "NO_COLOR": "1",
}  # fmt: skip
SHOWCASE = CHECKOUT / "tests" / "golden" / "showcase" / "in"
"""A small project with a figure of every kind."""
DAY = "2026-11-22"
"""Given to both builds: it may fall on either side of midnight in their time zones."""


def sources(root: Path) -> dict[str, bytes]:
    """Return the content of a project, and the templates it brings."""
    found = [place for name in ("content", "templates") for place in (root / name).rglob("*") if place.is_file()]
    return {place.relative_to(root).as_posix(): place.read_bytes() for place in found}


def copied(files: Files, root: Path, *, backwards: bool) -> Path:
    """Write a project with its files made in one order or the other, and of another age."""
    for number, name in enumerate(sorted(files, reverse=backwards)):
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(files[name])
        os.utime(place, (1_000_000 * number, 1_000_000 * number) if backwards else None)
    return root


def built(root: Path, *words: str | Path, env: Mapping[str, str | None], cwd: Path) -> dict[str, str]:
    made = run("build", "--today", DAY, *words, env=env, cwd=cwd)
    if made.returncode:
        pytest.fail(f"the project cannot be built:\n{made.stderr}", pytrace=False)
    return tree(root / "site")


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


@pytest.mark.parametrize("project", [SHOWCASE, PROJECT] if FULL else [SHOWCASE], ids=lambda root: root.name)
def test_two_builds_in_different_surroundings_give_the_same_bytes(project: Path, tmp_path: Path) -> None:
    files = sources(project)
    root = copied(files, tmp_path / "a", backwards=False)
    far = copied(files, tmp_path / "another place" / "ü £" / "b", backwards=True)
    one = built(root, "--jobs", "1", env=ONE, cwd=root)
    other = built(far, "--root", far, "--jobs", "3", env=OTHER, cwd=Path("/"))
    assert len(one) > 10
    expect_none(differences(one, other))

    told = [name for name in one if str(tmp_path).encode() in (root / "site" / name).read_bytes()]
    expect_none(f"{name} tells where it was built" for name in told)

    warm = built(far, "--root", os.path.relpath(far, tmp_path), env={"PYTHONHASHSEED": "5"}, cwd=tmp_path)
    expect_none(differences(one, warm))
