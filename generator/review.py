"""What an update changes, before it is taken over: in the figures, the checks, the ratings and the words of pages.

The update is compared as a whole site with the published one, so that nothing can be found in a build that the review
did not show.  The result is a value, which the command writes by `text` and the preview as a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from generator.build import Options, read_site
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location, Severity, sort_problems
from generator.editions import newest
from generator.facts import Memo
from generator.figures import Figure, Records
from generator.markdown import BlockPart, Page
from generator.paths import slugify
from generator.pending import Pending, overlaid, with_sources
from generator.roles import ValuePart
from generator.sheets import Sheet
from generator.site import Site
from generator.sources import Snapshot
from generator.updates import DECIDE, MEND, Matter, Places, compare
from generator.values import BoundValue

ACKNOWLEDGED = ("total-differs", "check-differs", "rating-differs")
"""Problems of figures that the paper may really print; a reason makes them an acknowledgement."""


@dataclass(frozen=True, slots=True)
class Review:
    """What an update brings, and what keeps it from being taken over."""

    brings: tuple[str, ...]
    """One line for each dataset."""
    matters: tuple[Matter, ...]

    @property
    def open(self) -> tuple[Matter, ...]:
        """What has to be mended or decided first."""
        return tuple(matter for matter in self.matters if matter.is_open)


@dataclass(frozen=True, slots=True)
class Standing:
    """A site as it stands, with all problems of its sources."""

    site: Site
    problems: tuple[Diagnostic, ...]
    snapshot: Snapshot


def standing(snapshot: Snapshot, options: Options, memo: Memo | None = None) -> Standing:
    """Read and check a whole site without drawing or writing it."""
    site = read_site(snapshot, options, memo or Memo())
    return Standing(site.value, sort_problems(site.problems), snapshot)


def review_of(snapshot: Snapshot, pending: Pending, options: Options, memo: Memo) -> tuple[Standing, Standing, Review]:
    """Return the site as it stands, as it would be with an update, and what the update changes."""
    before = standing(snapshot, options, memo)
    after = standing(with_sources(snapshot, overlaid(snapshot, pending, before.site.datasets)), options, memo)
    return before, after, review(before, after, _places(pending, after), pending.decisions)


def _places(pending: Pending, after: Standing) -> Places:
    """Return where the cells of the new rows were taken from, by dataset and line."""
    places: dict[tuple[str, int], tuple[str, ...]] = {}
    for name in pending.editions:
        dataset, new = after.site.datasets.get(name), pending.rows(name)
        lines = [row.line for row in dataset.rows[-len(new) :]] if dataset and new else []
        places |= {(name, line): row.places for line, row in zip(lines, new, strict=False)}
    return places


def review(before: Standing, after: Standing, places: Places, decisions: Mapping[str, tuple[str, str]]) -> Review:
    """Say what *after* changes; *decisions* are the message and the reason of what was accepted, by name."""
    datasets = after.site.datasets
    grown = [
        dataset
        for name, dataset in datasets.items()
        if name in before.site.datasets and len(dataset.editions) > len(before.site.datasets[name].editions)
    ]
    matters = [matter for dataset in grown for matter in compare(dataset, datasets, places)]
    matters += _problems(before, after, places)
    matters += _pages(before, after)
    decided = [
        replace(matter, because=decisions[matter.name][1])
        if matter.need == DECIDE and decisions.get(matter.name, ("",))[0] == matter.message
        else matter
        for matter in matters
    ]
    brings = [
        f"{dataset.id}: {sum(dataset.text(row, 'published_in') == newest(dataset) for row in dataset.rows)} rows "
        f"published in {newest(dataset)}, {dataset.period}"
        for dataset in grown
    ]
    return Review(tuple(brings), tuple(decided))


def _problems(before: Standing, after: Standing, places: Places) -> Iterator[Matter]:
    """Yield the problems that the site has with the update only."""
    known = {(problem.code, problem.at.path, problem.message) for problem in before.problems}
    named = {dataset.csv_path: dataset for dataset in after.site.datasets.values()}
    for problem in after.problems:
        if problem.severity is Severity.NOTE or (problem.code, problem.at.path, problem.message) in known:
            continue
        dataset = named.get(problem.at.path)
        taken = places.get((dataset.id, problem.at.line), ()) if dataset else ()
        name = "/".join([problem.code, slugify(problem.at.path.removeprefix("content/")), str(problem.at.line)])
        can = problem.code in ACKNOWLEDGED
        hint = problem.hint.partition("; if the paper says so")[0] if can else problem.hint
        hint += "; if the paper prints it so, say that" if can else ""
        column = re.match(r"column '(\w+)'", problem.message)
        position = dataset.index.get(column[1], 0) if dataset and column else 0
        place = (taken[position] or next(filter(None, taken), "")) if taken else ""
        yield Matter(name, problem.code, problem.message, problem.at, place, hint, DECIDE if can else MEND)


def acknowledgement(problem: Diagnostic, edition: str, because: str) -> str:
    """Return the entry of a sidecar that explains a difference, or an empty text if the problem is none.

    >>> problem = Diagnostic("check-differs", "", Location("a.csv"), hint="in a.yaml: {check: net, at: {park: North}, "
    ...     "difference: 2, class: unexplained, reason: The paper does not say why.}")
    >>> acknowledgement(problem, "report", "Printed so.")
    '{check: net, at: {published_in: report, park: North}, difference: 2, class: unexplained, reason: "Printed so."}'
    """
    from generator.positioned import yaml_text

    entry = problem.hint[problem.hint.find("{check: ") :] if "{check: " in problem.hint else ""
    entry = entry.replace(", at: {", f", at: {{published_in: {edition}, ", 1) if edition else entry
    head, reason, _ = entry.rpartition("reason: ")
    return f"{head}{reason}{yaml_text(because)}}}" if reason else ""


def told(matter: Matter) -> tuple[str, Location, str]:
    """Return code, place and message of the problem that a matter tells."""
    return matter.kind, matter.at, matter.message


def owner_of(matter: Matter, datasets: Mapping[str, Dataset]) -> str:
    """Return the dataset whose sidecar explains a difference: total and check stand there, a rating in the extract."""
    paths = {path: name for name, d in datasets.items() for path in (d.csv_path, d.sidecar_path)}
    return paths.get(matter.at.path, "")


def _pages(before: Standing, after: Standing) -> Iterator[Matter]:
    """Yield the sentences and figures that the update changes, and the pages that have to be read again."""
    for url, sheet in after.site.sheets.items():
        if url not in before.site.sheets:
            continue
        old, page = before.site.sheets[url], sheet.page
        changes = [*_sentences(old, sheet, after), *_figures(old, sheet)]
        yield from changes
        if changes and not page.front.commentary_for:
            count = "1 place of this page shows" if len(changes) == 1 else f"{len(changes)} places of this page show"
            message = f"{count} other figures than before"
            hint = f"read the page again; once its words fit, 'transparency review --reread {page.source}'"
            name = f"reread/{slugify(page.source.removeprefix('content/'))}"
            yield Matter(name, "reread", message, Location(page.source, 1, 1), hint=hint, need=DECIDE)


def _sentences(former: Sheet, sheet: Sheet, after: Standing) -> Iterator[Matter]:
    page = sheet.page
    lines: dict[int, list[tuple[str, str]]] = {}
    for part in page.parts:
        if isinstance(part, ValuePart):
            old, new = former.resolved.get(part), sheet.resolved.get(part)
            if isinstance(old, BoundValue) and isinstance(new, BoundValue) and old.text != new.text:
                lines.setdefault(part.at.line, []).append((old.text, new.text))
    for line, found in lines.items():
        words = "; ".join(f"{old} before, {new} now" for old, new in found)
        said = _line(page, line, after)
        name = f"sentence/{slugify(page.source.removeprefix('content/'))}/{line}"
        yield Matter(name, "sentence", f"{words}: \N{LEFT DOUBLE QUOTATION MARK}{said}\N{RIGHT DOUBLE QUOTATION MARK}",
                      Location(page.source, line, 1))  # fmt: skip


def _line(page: Page, line: int, after: Standing) -> str:
    """Return a line of a page as readers see it, cut where it is long."""
    lines = after.snapshot.text(page.source).splitlines()
    library = replace(after.site.library, edition=page.front.paper)
    filled = library.shelf.fill(lines[line - 1], Location(page.source, line, 1), []) if line <= len(lines) else ""
    return filled if len(filled) <= 160 else filled[:160].rpartition(" ")[0] + " …"


def _figures(former: Sheet, sheet: Sheet) -> Iterator[Matter]:
    for part in sheet.page.parts:
        if not isinstance(part, BlockPart):
            continue
        old, new = former.resolved.get(part.at), sheet.resolved.get(part.at)
        if isinstance(old, Figure) and isinstance(new, Figure) and (old.table, old.data) != (new.table, new.data):
            what, title = "chart" if new.data else "table", new.title
        elif isinstance(old, Records) and isinstance(new, Records) and old.groups != new.groups:
            what, title = "list", new.title
        else:
            continue
        message = (
            f"the {what} \N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK} shows other figures; "
            "is its title still true?"
        )
        yield Matter(f"title/{new.id}", "title", message, new.at)


def matching(found: Review, pattern: str) -> list[Matter]:
    """Return the open matters that can be decided and whose name is, or fits, *pattern*."""
    return [f for f in found.open if f.need == DECIDE and (f.name == pattern or fnmatchcase(f.name, pattern))]


HEADINGS = {
    "vanished": "Gone",
    "left-out": "Left out",
    "new": "New",
    "target": "Targets and limits that changed",
    "jump": "Jumps",
    "sign": "Signs that turned",
    "rating": "Ratings that changed",
    "sentence": "Sentences that say another figure now",
    "title": "Charts, tables and lists with other figures",
    "reread": "Pages to read again",
}
"""The kinds of matters in the order in which they are told; the others are problems by their code."""


@dataclass(frozen=True, slots=True)
class Group:
    """The matters of one kind."""

    heading: str
    hint: str
    """What to do about all that are open; empty if they differ."""
    matters: tuple[Matter, ...]
    """Without the hint that they share."""


def groups(found: Review) -> Iterator[Group]:
    """Yield what was found in the order in which it is told."""
    kinds: dict[str, list[Matter]] = {}
    for matter in found.matters:
        heading = HEADINGS.get(matter.kind, "To mend" if matter.need == MEND else "Checks and ratings")
        kinds.setdefault(heading, []).append(matter)
    order = ["To mend", "Checks and ratings", *HEADINGS.values()]
    for heading in sorted(kinds, key=order.index):
        members = kinds[heading]
        hints = {matter.hint for matter in members if matter.is_open}
        common = hints.pop() if len(hints) == 1 and len(members) > 1 else ""
        yield Group(heading, common, tuple(replace(m, hint="") if m.hint == common else m for m in members))


def counted(found: Review) -> str:
    """Say how much is open and how much is decided."""
    decided = sum(f.need == DECIDE and not f.is_open for f in found.matters)
    mend, decide = (sum(f.need == need for f in found.open) for need in (MEND, DECIDE))
    return f"{mend} to mend, {decide} to decide, {decided} decided"


def lead(matter: Matter) -> str:
    """Say in a word what a matter needs, or nothing where it is only told."""
    return {MEND: "mend", DECIDE: "accepted" if matter.because else "open"}.get(matter.need, "")


ACCEPT = "transparency review --accept NAME --because 'Why.'"
FINISH = "transparency review --finish"


def text(found: Review) -> str:
    """Write a review for the command line."""
    lines = [f"{line}." for line in found.brings]
    for group in groups(found):
        lines += ["", f"{group.heading} ({len(group.matters)})" + (f": {group.hint}" if group.hint else "")]
        for matter in group.matters:
            lines += _shown(matter)
    lines += ["", counted(found)]
    if found.open:
        lines.append(f"To accept one: {ACCEPT} ('*' stands for any letters)")
    else:
        lines.append(f"Nothing is open: '{FINISH}' takes the update over")
    return "\n".join(lines).lstrip("\n")


def _shown(matter: Matter) -> list[str]:
    shown = [f"  {f'[{lead(matter)}] ' if lead(matter) else ''}{matter.name}", f"    {matter.message}"]
    place = f"{matter.at}; {matter.taken_from}" if matter.taken_from else str(matter.at)
    shown.append(f"    at: {place}")
    if matter.because:
        shown.append(f"    because: {matter.because}")
    elif matter.hint:
        shown.append(f"    hint: {matter.hint}")
    return shown
