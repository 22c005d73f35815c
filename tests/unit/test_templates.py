"""Templates are strict and escape everything; a mistake in one is placed in its file."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from markupsafe import Markup

from generator.sources import snapshot_of
from generator.templates import Templates, render


@dataclass(frozen=True)
class Context:
    title: str = "A & <b>"
    body: Markup = field(default_factory=lambda: Markup("<p>ok</p>"))


def rendered(**templates: str) -> tuple[str, list[tuple[str, str]]]:
    """Render the template ``page.html``, with others by name."""
    snapshot = snapshot_of({f"templates/{name}.html": text for name, text in templates.items()})
    found = render(Templates(snapshot), "page.html", Context())
    return found.value, [(problem.code, str(problem.at)) for problem in found.problems]


def test_text_is_escaped_and_markup_is_not() -> None:
    assert rendered(page="{{ title }}{{ body }}") == ("A &amp; &lt;b&gt;<p>ok</p>", [])


def test_block_tags_leave_no_blank_lines() -> None:
    assert rendered(page="a\n  {% if title %}\nb\n  {% endif %}\nc\n")[0] == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("\n{{ titel }}", ("template-name", "templates/page.html:2")),
        ("{{ title.nope }}", ("template-name", "templates/page.html:1")),
        ("a\n{% if title %}\n", ("template-syntax", "templates/page.html:2")),
        ("{{ title | shout }}", ("template-syntax", "templates/page.html:1")),
        ("\n\n{% include 'inner.html' %}", ("template-name", "templates/inner.html:2")),
        ("{% include 'absent.html' %}", ("missing-template", "templates/page.html")),
        ("{% extends 'broken.html' %}", ("template-syntax", "templates/broken.html:1")),
    ],
)
def test_mistake_is_placed_in_its_file(page: str, problem: tuple[str, str]) -> None:
    assert rendered(page=page, inner="\n{{ nobody }}", broken="{% endif %}") == ("", [problem])


def test_absent_template_is_named() -> None:
    assert rendered()[1] == [("missing-template", "templates/page.html")]


@pytest.mark.parametrize("name", ["../content/secret.html", "/etc/passwd", "./page.html"])
def test_templates_come_from_the_snapshot_alone(name: str) -> None:
    assert rendered(page=f"{{% include '{name}' %}}")[1] == [("missing-template", "templates/page.html")]


@pytest.mark.parametrize("page", ["{{ title + 1 }}", "{{ 1 // 0 }}"])
def test_mistake_while_rendering_is_a_problem_and_no_crash(page: str) -> None:
    assert rendered(page=f"\n{page}") == ("", [("template-failed", "templates/page.html:2")])
