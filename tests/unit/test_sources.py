"""Sources are read once, from the project and nowhere else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import sources
from generator.sources import packaged_templates, read_again, read_snapshot, snapshot_of

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights on Windows")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content" / "a").mkdir(parents=True)
    (tmp_path / "content" / "index.md").write_text("home")
    (tmp_path / "content" / "a" / "b.md").write_text("b")
    return tmp_path


def content(root: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the paths below content/, and the problems."""
    found = read_snapshot(root)
    paths: list[str] = [path for path in found.value.sources if path.startswith("content/")]
    return paths, [(problem.code, str(problem.at)) for problem in found.problems]


def test_paths_have_slashes_and_begin_at_the_project(root: Path) -> None:
    assert content(root) == (["content/a/b.md", "content/index.md"], [])


@pytest.mark.parametrize(
    "name", [".hidden", "~$book.xlsx", "#a.md#", "a.md~", ".a.md.swp", "a.tmp", "a.bak", ".git/config"]
)
def test_what_editors_and_spreadsheets_leave_behind_is_no_source(root: Path, name: str) -> None:
    (root / "content" / name).parent.mkdir(exist_ok=True)
    (root / "content" / name).write_text("x")
    assert content(root) == (["content/a/b.md", "content/index.md"], [])


def test_project_without_folders_is_empty(tmp_path: Path) -> None:
    assert content(tmp_path) == ([], [])


def test_template_of_the_project_stands_above_the_one_that_comes_with_the_program(root: Path) -> None:
    (root / "templates").mkdir()
    (root / "templates" / "base.html").write_text("mine")
    found = read_snapshot(root).value
    assert found.text("templates/base.html") == "mine"
    assert found.text("templates/pages/home.html") == (packaged_templates() / "pages" / "home.html").read_text()


@posix_only
def test_link_that_leads_out_of_the_project_is_a_problem(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("secret")
    (root / "content" / "link.md").symlink_to(secret)
    assert content(root)[1] == [("outside-project", "content/link.md")]
    assert "content/link.md" not in content(root)[0]


@posix_only
def test_folder_that_is_a_link_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "secret.md").write_text("secret")
    (root / "content" / "link").symlink_to(folder)
    assert content(root) == (["content/a/b.md", "content/index.md"], [])


@posix_only
def test_link_within_the_project_is_read(root: Path) -> None:
    (root / "content" / "link.md").symlink_to(root / "content" / "index.md")
    assert read_snapshot(root).value.text("content/link.md") == "home"


@posix_only
def test_link_to_nothing_is_a_problem(root: Path) -> None:
    (root / "content" / "link.md").symlink_to(root / "content" / "absent.md")
    assert content(root)[1] == [("unreadable", "content/link.md")]


@posix_only
def test_link_to_itself_is_a_problem(root: Path) -> None:
    (root / "content" / "link.md").symlink_to(root / "content" / "link.md")
    assert content(root)[1] == [("unreadable", "content/link.md")]


@posix_only
def test_pipe_is_no_source_and_does_not_block(root: Path) -> None:
    os.mkfifo(root / "content" / "pipe.md")
    assert content(root)[1] == [("not-a-file", "content/pipe.md")]


def test_large_file_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 3)
    assert ("file-too-large", "content/index.md") in content(root)[1]
    assert content(root)[0] == ["content/a/b.md"]


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_TOTAL"])
def test_too_much_is_refused_once_a_folder(root: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(sources, limit, 0)
    assert ("project-too-large", "content") in content(root)[1]
    assert content(root)[0] == []


@pytest.mark.parametrize(
    ("data", "text"),
    [("é".encode(), "é"), ("\ufeffé".encode(), "é"), (b"\xe9", "é"), (b"\x81", "\N{REPLACEMENT CHARACTER}"), (b"", "")],
    ids=["utf-8", "byte order mark", "windows-1252", "none", "empty"],
)
def test_text_is_decoded_without_fail(data: bytes, text: str) -> None:
    assert snapshot_of({"a.md": data}).text("a.md") == text


def test_absent_source_is_an_empty_text() -> None:
    assert snapshot_of({}).text("a.md") == ""


def test_sources_of_a_folder_are_sorted_and_chosen_by_their_ends() -> None:
    snapshot = snapshot_of({"b/z.md": "", "b/a.md": "", "b/a.csv": "", "ba.md": ""})
    assert [source.path for source in snapshot.under("b/", ".md")] == ["b/a.md", "b/z.md"]


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (lambda root: (root / "content" / "index.md").write_text("new"), ["content/index.md"]),
        (lambda root: (root / "content" / "new.md").write_text("new"), ["content/new.md"]),
        (lambda root: (root / "content" / "a" / "b.md").unlink(), ["content/a/b.md"]),
        (lambda root: shutil.rmtree(root / "content" / "a"), ["content/a"]),
        (lambda root: (root / "content" / "a").rename(root / "content" / "z"), ["content/a", "content/z"]),
        (lambda root: (root / "content" / "~$x.md").write_text("x"), ["content/~$x.md"]),
        (lambda root: (root / "content" / ".x").mkdir(), ["content/.x"]),
        (lambda root: (root / "templates").mkdir(), ["templates"]),
        (lambda root: (root / "README.md").write_text("x"), ["README.md"]),
        (lambda root: (root / "content" / "gone.md").unlink(missing_ok=True), ["content/gone.md", "elsewhere"]),
    ],
)
def test_reading_what_changed_gives_what_reading_everything_gives(
    root: Path, edit: Callable[[Path], object], changed: list[str]
) -> None:
    before = read_snapshot(root)
    edit(root)
    found = read_again(root, before, [root.absolute() / name for name in changed])
    assert found == read_snapshot(root)
    assert list(found.value.sources) == list(read_snapshot(root).value.sources)


def test_override_of_a_template_that_is_taken_out_gives_the_packaged_one(root: Path) -> None:
    override = root / "templates" / "base.html"
    before = read_snapshot(root)
    override.parent.mkdir()
    override.write_text("mine")
    mine = read_again(root, before, [override])
    assert mine.value.text("templates/base.html") == "mine"
    override.unlink()
    assert read_again(root, mine, [override]).value.sources == before.value.sources
