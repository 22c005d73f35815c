"""The head of a page: what the author wrote between the lines of ``---``, checked and resolved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from generator.datasets import PHASES
from generator.diagnostics import Checked, Diagnostic, Location, Severity
from generator.positioned import Reader, Text, parse_yaml
from generator.roles import ROLE

KINDS = ("home", "section", "page")
DESCRIPTION_LENGTH = (50, 160)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The resolved head of a page."""

    title: str
    description: str
    """For search engines and listings, 50 to 160 characters."""
    summary: str
    """The lead under the heading; empty if the page has none."""
    menu: str
    """Short name for menus and breadcrumbs; empty for the title."""
    kind: str
    order: int
    """Place among the pages of its section; equal orders are sorted by title."""
    phase: str
    """Phase of the figures on the page, shown above its heading; empty for none."""
    paper: str
    """The paper that the phase is taken from, and whose edition of a dataset the page shows."""
    commentary_for: str
    """The paper whose figures the words of the page are about; empty if they fit any."""
    formerly: tuple[Text, ...]
    """Addresses at which this page stood before."""
    checked: datetime.date | None
    draft: bool
    publish: datetime.date | None
    """The day from which the page is published."""
    body_line: int
    """The line of the file where the body begins."""
    at: Location
    paper_at: Location
    checked_at: Location
    commentary_at: Location


def split_head(text: str) -> tuple[str, str, int]:
    r"""Return head, body and the line where the body begins; the head is empty if there is none.

    >>> split_head("---\ntitle: A\n---\nText\n")
    ('title: A\n', 'Text\n', 4)
    """
    lines = text.splitlines(keepends=True)
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 2):
            if line.rstrip() == "---":
                return "".join(lines[1 : number - 1]), "".join(lines[number:]), number + 1
    return "", text, 1


def read_front_matter(head: str, path: str, *, body_line: int, kind: str) -> Checked[FrontMatter]:
    """Read the head of the page at *path*; *kind* is the one that its place suggests."""
    parsed = parse_yaml(head, path, first_line=2)
    problems = list(parsed.problems)
    reader = Reader(parsed.value, "the front matter", problems)
    if not head:
        message = "the page has no front matter"
        hint = "begin the file with a line '---', then 'title: …' and 'description: …', then '---'"
        return Checked(
            _empty(path, kind), (Diagnostic("missing-front-matter", message, Location(path, 1, 1), hint=hint),)
        )
    front = FrontMatter(
        title=reader.text("title", required=True, default="Untitled"),
        description=reader.text("description", required=True),
        summary=reader.text("summary"),
        menu=reader.text("menu"),
        kind=reader.choice("kind", KINDS, default=kind),
        order=reader.whole("order", default=100) if reader.has("order") else 100,
        phase=reader.choice("phase", PHASES),
        paper=reader.text("paper"),
        commentary_for=reader.text("commentary_for"),
        formerly=reader.texts("formerly"),
        checked=reader.date("checked"),
        draft=reader.flag("draft"),
        publish=reader.date("publish"),
        body_line=body_line,
        at=reader.at("title"),
        paper_at=reader.at("paper"),
        checked_at=reader.at("checked"),
        commentary_at=reader.at("commentary_for"),
    )
    reader.whole("order")
    if front.phase and not front.paper:
        hint = "add 'paper: …' with the id of the paper that the figures are from"
        reader.problem("missing-key", "a phase needs the paper it is taken from", reader.at("phase"), hint)
    low, high = DESCRIPTION_LENGTH
    length = len(ROLE.sub("0,000", front.description))
    if front.description and not low <= length <= high:
        message = f"the description has {length} characters; search engines show {low} to {high}"
        at = reader.at("description")
        problems.append(Diagnostic("description-length", message, at, Severity.WARNING, "shorten or lengthen it"))
    reader.close()
    return Checked(front, tuple(problems))


def _empty(path: str, kind: str) -> FrontMatter:
    at = Location(path, 1, 1)
    return FrontMatter("Untitled", "", "", "", kind, 100, "", "", "", (), None, False, None, 1, at, at, at, at)
