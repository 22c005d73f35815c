"""The head of a page is split off, checked and resolved."""

from __future__ import annotations

import datetime

import pytest

from generator.diagnostics import Severity, sort_problems
from generator.frontmatter import FrontMatter, read_front_matter, split_head
from tests.conftest import DESCRIPTION

GOOD = f"title: Spend\ndescription: {DESCRIPTION}\n"


def read(head: str, kind: str = "page") -> tuple[FrontMatter, list[tuple[str, str]]]:
    found = read_front_matter(head, "content/a.md", body_line=9, kind=kind)
    return found.value, [(problem.code, str(problem.at)) for problem in sort_problems(found.problems)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\na: b\n---\nbody\n", ("a: b\n", "body\n", 4)),
        ("---  \na: b\n---\t\nbody", ("a: b\n", "body", 4)),
        ("---\r\na: b\r\n---\r\nbody\r\n", ("a: b\r\n", "body\r\n", 4)),
        ("---\n---\nbody\n", ("", "body\n", 3)),
        ("---\na: b\n", ("", "---\na: b\n", 1)),
        ("\n---\na: b\n---\n", ("", "\n---\na: b\n---\n", 1)),
        ("body\n---\n", ("", "body\n---\n", 1)),
        ("---\na: b\n---\n---\nrule", ("a: b\n", "---\nrule", 4)),
        ("", ("", "", 1)),
    ],
    ids=["plain", "spaces", "crlf", "empty", "unclosed", "late", "none", "rule", "nothing"],
)
def test_head_stands_between_lines_of_hyphens(text: str, parts: tuple[str, str, int]) -> None:
    assert split_head(text) == parts


def test_smallest_head_has_defaults_for_everything_else() -> None:
    front, problems = read(GOOD, kind="section")
    assert problems == []
    assert (front.title, front.kind, front.order, front.draft, front.checked) == ("Spend", "section", 100, False, None)
    assert (front.summary, front.menu, front.phase, front.paper, front.formerly) == ("", "", "", "", ())


def test_written_values_are_read() -> None:
    front, problems = read(
        GOOD + "summary: S\nmenu: M\nkind: home\norder: -1\nphase: outturn\npaper: p\nformerly: [/a/, /b/]\n"
        "checked: 2024-01-02\ndraft: true\n"
    )
    assert problems == []
    assert (front.summary, front.menu, front.kind, front.order) == ("S", "M", "home", -1)
    assert (front.phase, front.paper, front.draft) == ("outturn", "p", True)
    assert [address.value for address in front.formerly] == ["/a/", "/b/"]
    assert front.checked == datetime.date(2024, 1, 2)


@pytest.mark.parametrize(
    ("more", "code", "place"),
    [
        ("order: first\n", "wrong-type", "content/a.md:4:8"),
        ("kind: not-found\n", "unknown-value", "content/a.md:4:7"),
        ("kind: pgae\n", "unknown-value", "content/a.md:4:7"),
        ("draft: yes\n", "unknown-value", "content/a.md:4:8"),
        ("checked: 1.2.2024\n", "wrong-type", "content/a.md:4:10"),
        ("phase: outturn\n", "missing-key", "content/a.md:4:8"),
        ("sumary: S\n", "unknown-key", "content/a.md:4:1"),
        ("title: Again\n", "yaml-duplicate-key", "content/a.md:4:1"),
    ],
    ids=lambda text: text.strip(),
)
def test_mistake_is_reported_once_in_its_place(more: str, code: str, place: str) -> None:
    assert read(GOOD + more)[1] == [(code, place)]


def test_page_without_a_head_is_told_how_to_begin() -> None:
    found = read_front_matter("", "content/a.md", body_line=1, kind="page")
    assert [problem.code for problem in sort_problems(found.problems)] == ["missing-front-matter"]
    assert found.value.title == "Untitled"
    assert "---" in found.problems[0].hint


@pytest.mark.parametrize(("length", "warned"), [(49, True), (50, False), (160, False), (161, True)])
def test_description_of_an_unfit_length_is_a_warning(length: int, warned: bool) -> None:
    found = read_front_matter(f"title: A\ndescription: {'x' * length}\n", "a.md", body_line=5, kind="page")
    assert [(p.code, p.severity) for p in found.problems] == [("description-length", Severity.WARNING)] * warned
