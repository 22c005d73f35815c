"""Render templates from the snapshot: strict about names, escaping everywhere, mistakes placed in their file."""

from __future__ import annotations

import dataclasses
import re
import traceback

import jinja2
from markupsafe import Markup, escape

from generator.diagnostics import Checked, Diagnostic, Location
from generator.sources import Snapshot

PREFIX = "templates/"
_YEARS = re.compile(r"\b\d{4}[-/]\d{2}(?:\d{2})?\b")


def environment(snapshot: Snapshot) -> jinja2.Environment:
    """Return Jinja reading only the snapshot."""

    def load(name: str) -> tuple[str, str, object] | None:
        path = PREFIX + name
        return (snapshot.text(path), path, lambda: True) if path in snapshot.sources else None

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


def whole_years(text: str) -> Markup:
    """Keep the parts of years such as 2024-25 on one line: browsers break them at their hyphen.

    >>> whole_years("Funding 2024-25 & after")
    Markup('Funding <span class="whole">2024-25</span> &amp; after')
    """
    kept = _YEARS.sub(r'<span class="whole">\g<0></span>', str(escape(text)))
    return Markup(kept)  # noqa: S704 - the text is escaped


def render(templates: jinja2.Environment, name: str, context: object) -> Checked[Markup]:
    """Render the template *name* with the fields of *context*, which is a dataclass."""
    fields = {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}  # type: ignore[arg-type]
    try:
        return Checked(Markup(templates.get_template(name).render(fields)))  # noqa: S704 - Jinja has escaped it
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
