"""Templates and their contexts agree, name for name, and leave no way for markup that nobody escaped."""

from __future__ import annotations

import dataclasses
import re
from functools import cache

import jinja2
import pytest
from jinja2 import meta, nodes

from generator.contexts import FIGURE_TEMPLATES, PAGE_TEMPLATES
from generator.sources import Snapshot, read_snapshot
from generator.templates import PREFIX, Templates
from tests.command import CHECKOUT

CONTEXTS: dict[str, type] = {**PAGE_TEMPLATES, **FIGURE_TEMPLATES}
NAMES = sorted(
    place.relative_to(CHECKOUT / "templates").as_posix() for place in (CHECKOUT / "templates").rglob("*.html")
)


@cache
def snapshot() -> Snapshot:
    return read_snapshot(CHECKOUT).value


@cache
def templates() -> jinja2.Environment:
    return Templates(snapshot()).environment


@cache
def parsed(name: str) -> nodes.Template:
    return templates().parse(snapshot().text(PREFIX + name), name, PREFIX + name)


@cache
def closure(name: str) -> frozenset[str]:
    """Return *name* and all templates that it extends, imports or includes, however far down."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        found.add(name := waiting.pop())
        waiting += [other for other in meta.find_referenced_templates(parsed(name)) if other and other not in found]
    return frozenset(found)


@pytest.mark.parametrize("name", CONTEXTS)
def test_template_uses_exactly_the_fields_of_its_context(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(CONTEXTS[name])}
    used = set[str]().union(*(meta.find_undeclared_variables(parsed(each)) for each in closure(name)))
    assert sorted(used - fields) == [], "names that the context does not have"
    assert sorted(fields - used) == [], "fields that nothing shows"


@pytest.mark.parametrize("name", CONTEXTS)
def test_template_names_its_context_in_its_first_line(name: str) -> None:
    first = snapshot().text(PREFIX + name).partition("\n")[0]
    assert first == f"{{# context: {CONTEXTS[name].__name__} #}}"


@pytest.mark.parametrize("name", sorted({n for n in NAMES if n.startswith("partials/")} - FIGURE_TEMPLATES.keys()))
def test_partial_of_macros_needs_nothing_but_its_arguments(name: str) -> None:
    assert sorted(meta.find_undeclared_variables(parsed(name))) == []
    assert snapshot().text(PREFIX + name).startswith("{# macros: ")


@pytest.mark.parametrize("name", NAMES)
def test_template_says_in_plain_text_what_it_includes(name: str) -> None:
    assert None not in set(meta.find_referenced_templates(parsed(name)))


@pytest.mark.parametrize("name", NAMES)
def test_template_switches_no_escaping_off(name: str) -> None:
    tree = parsed(name)
    assert [f.lineno for f in tree.find_all(nodes.Filter) if f.name in ("safe", "forceescape", "tojson")] == []
    assert list(tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier))) == []


SCRIPT = '<script src="{{ script }}" defer></script>'
"""The one script, of the page of a figure."""


@pytest.mark.parametrize("name", NAMES)
def test_template_has_no_inline_script_or_style_and_no_bare_attribute(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", snapshot().text(PREFIX + name), flags=re.DOTALL)
    text = text.replace(SCRIPT, "", 1 if name == "pages/figure.html" else 0)
    assert re.findall(r"<script\b|<style\b|\sstyle\s*=|\son[a-z]+\s*=", text, re.IGNORECASE) == []
    plain = re.sub(r'"[^"]*"', '""', re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "VALUE", text, flags=re.DOTALL)))
    assert re.findall(r"[\w-]+=[^\"].*", plain) == [], "an attribute without quotes can be broken out of"


def test_every_template_is_reached_from_a_page_or_a_figure() -> None:
    reached = frozenset[str]().union(*map(closure, CONTEXTS))
    assert sorted(reached) == [name for name in NAMES if name.startswith(("pages/", "partials/", "base"))]


def test_every_page_template_extends_the_skeleton() -> None:
    assert [name for name in PAGE_TEMPLATES if "base.html" not in closure(name)] == []
