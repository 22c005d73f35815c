"""The page of the preview that shows an update before it is accepted: what ``transparency review`` prints, as HTML.

It only shows: whoever reads it decides with the command, which the page names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import jinja2

from generator.build import Options
from generator.diagnostics import Location
from generator.facts import Memo
from generator.pending import from_json
from generator.review import ACCEPT, FINISH, Review, counted, groups, lead, review_of
from generator.sources import Snapshot


def review_page(
    snapshot: Snapshot, kept: bytes, options: Options, memo: Memo, link: Callable[[Location], str]
) -> bytes:
    """Return the page for the update that is *kept* in its file; *link* gives the address that opens an editor."""
    pending = from_json(kept.decode(errors="replace")) if kept else None
    found: Review | None = None
    if pending is not None and pending.editions:
        found = review_of(snapshot, pending, options, memo)[2]

    def link_to(at: Location) -> str:
        """Return no link to a row that is in the file only once the update is taken over."""
        return link(at) if at.line <= snapshot.text(at.path).count("\n") + 1 else ""

    return (
        _template()
        .render(
            is_damaged=bool(kept) and pending is None,
            found=found,
            groups=list(groups(found)) if found else [],
            counted=counted(found) if found else "",
            lead=lead,
            link=link_to,
            accept=ACCEPT,
            finish=FINISH,
        )
        .encode()
    )


@cache
def _template() -> jinja2.Template:
    text = files("generator").joinpath("preview", "review.html").read_text("utf-8")
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(text)
