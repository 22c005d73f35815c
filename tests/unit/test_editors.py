"""Links of the overlay open an editor, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.diagnostics import Location
from generator.editors import editor_link, refusal

AT = Location("content/a page.md", 3, 4)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "my & own" / "content").mkdir(parents=True)
    (tmp_path / "my & own" / AT.path).write_text("a")
    return tmp_path / "my & own"


@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("vscode://file/{path}:{line}:{column}", "vscode://file{}:3:4"),
        ("subl://open?url=file://{path}&line={line}", "subl://open?url=file://{}&line=3"),
        ("txmt://open?url=file:///{path}", "txmt://open?url=file://{}"),
        ("idea://open?file={path}&line={line}", "idea://open?file={}&line=3"),
    ],
)
def test_link_names_the_whole_path_with_every_sign_that_an_address_would_split_encoded(
    root: Path, template: str, link: str
) -> None:
    place = (root.resolve() / AT.path).as_posix().replace(" ", "%20").replace("&", "%26")
    assert "%20%26%20" in place
    assert editor_link(template, root, AT) == link.format(place)


def test_link_is_whole_even_where_the_project_is_this_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert editor_link("vscode://file/{path}", Path(), AT) == editor_link("vscode://file/{path}", root, AT)


def test_problem_of_a_whole_file_opens_its_first_line(root: Path) -> None:
    assert editor_link("vscode://file/{path}:{line}:{column}", root, Location(AT.path)).endswith(".md:1:1")


def test_there_is_no_link_unless_one_is_asked_for_and_the_file_is_there(root: Path) -> None:
    assert editor_link("", root, AT) == ""
    assert editor_link("vscode://file/{path}", root, Location("templates/base.html", 1)) == ""
    assert editor_link("vscode://file/{path}", root, Location("content", 1)) == ""


@pytest.mark.parametrize(
    "template",
    [
        "javascript:open('{path}')", "JavaScript:{path}", " javascript:{path}", "data:text/html,{path}",
        "http://example.org/{path}", "file://{path}", "{path}", "vscode", "vscode://file/",
        "vscode://file/{path}:{row}", "vscode://file/{path.__class__}", "vscode://file/{}",
    ],
)  # fmt: skip
def test_all_but_addresses_of_editors_are_refused(template: str) -> None:
    assert refusal(template)
