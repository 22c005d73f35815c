"""Render templates from the snapshot: strict about names, escaping everywhere, mistakes placed in their file.

A page depends on its template and on all that it extends, imports or includes, which is found without rendering; a
name that is computed could not be found so, and is refused.
"""

from __future__ import annotations

import dataclasses
import re
import traceback
from collections.abc import Mapping
from functools import cached_property

import jinja2
from jinja2 import meta, nodes
from markupsafe import Markup, escape

from generator.charsets import text_of
from generator.diagnostics import Checked, Diagnostic, Location
from generator.sources import Snapshot, Source

PREFIX = "templates/"
_YEARS = re.compile(r"\b\d{4}[-/]\d{2}(?:\d{2})?\b")


class Templates:
    """The templates of a snapshot, compiled when the first page needs them."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Hold the templates of *snapshot* by the names that they call each other, e.g. ``pages/home.html``."""
        self._sources: Mapping[str, Source] = {s.path.removeprefix(PREFIX): s for s in snapshot.under(PREFIX)}
        self._closures: dict[str, frozenset[str]] = {}

    @cached_property
    def environment(self) -> jinja2.Environment:
        """Jinja, reading nothing but these templates."""

        def load(name: str) -> tuple[str, str, object] | None:
            source = self._sources.get(name)
            return (text_of(source.data), source.path, lambda: True) if source else None

        made = jinja2.Environment(
            loader=jinja2.FunctionLoader(load),  # type: ignore[arg-type]
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        made.filters["whole_years"] = whole_years
        return made

    def closure(self, name: str) -> frozenset[str]:
        """Return *name* and every template that it extends, imports or includes, however far down."""
        if name not in self._closures:
            found: set[str] = set()
            waiting = [name]
            while waiting:
                found.add(each := waiting.pop())
                waiting += [other for other in self._references(each) if other and other not in found]
            self._closures[name] = frozenset(found)
        return self._closures[name]

    def check(self) -> tuple[Diagnostic, ...]:
        """Report every place where a template computes the name of another one."""
        message = "this template computes the name of another one"
        hint = "write the name in quotes; choose between several with 'if'"
        return tuple(
            Diagnostic("computed-include", message, Location(source.path, line), hint=hint)
            for name, source in self._sources.items()
            if name.endswith(".html")
            for other, line in self._references(name).items()
            if other is None
        )

    def _references(self, name: str) -> dict[str | None, int]:
        """Return the names of the templates that one refers to, with the line of each; `None` for a computed name."""
        source = self._sources.get(name)
        try:
            tree = self.environment.parse(text_of(source.data)) if source else nodes.Template([])
        except jinja2.TemplateSyntaxError:
            return {}  # reported when the template is rendered
        kinds = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)
        return {
            other: node.lineno
            for node in tree.find_all(kinds)
            for other in meta.find_referenced_templates(nodes.Template([node]))
        }


def whole_years(text: str) -> Markup:
    """Keep the parts of years such as 2024-25 on one line: browsers break them at their hyphen.

    >>> whole_years("Funding 2024-25 & after")
    Markup('Funding <span class="whole">2024-25</span> &amp; after')
    """
    kept = _YEARS.sub(r'<span class="whole">\g<0></span>', str(escape(text)))
    return Markup(kept)  # noqa: S704 - the text is escaped


def render(templates: Templates, name: str, context: object) -> Checked[Markup]:
    """Render the template *name* with the fields of *context*, which is a dataclass."""
    fields = {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}  # type: ignore[arg-type]
    try:
        return Checked(Markup(templates.environment.get_template(name).render(fields)))  # noqa: S704 - Jinja has escaped it
    except jinja2.TemplateNotFound as error:
        message = f"there is no template '{error.name}'"
        return Checked(Markup(), (Diagnostic("missing-template", message, Location(PREFIX + name)),))
    except jinja2.TemplateSyntaxError as error:
        at = Location(error.filename or PREFIX + name, error.lineno)
        return Checked(Markup(), (Diagnostic("template-syntax", error.message or "this cannot be read", at),))
    except jinja2.UndefinedError as error:
        return Checked(Markup(), (Diagnostic("template-name", error.message or "unknown name", _frame(error, name)),))
    except Exception as error:  # a template may do anything with a value; none of it is a mistake of the program
        message = f"{type(error).__name__}: {error}"
        return Checked(Markup(), (Diagnostic("template-failed", message, _frame(error, name)),))


def _frame(error: Exception, name: str) -> Location:
    """Return the innermost template line of a traceback."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(PREFIX)]
    return Location(frames[-1].filename, frames[-1].lineno or 0) if frames else Location(PREFIX + name)
