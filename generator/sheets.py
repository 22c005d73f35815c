"""Bind a page to the data: what its blocks and values stand for, its head in words, the anchors it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from generator.charts.raw_data import RawChart
from generator.comparison import Comparison
from generator.config import Paper
from generator.datasets import Dataset
from generator.diagnostics import Checked, Diagnostic, Location, hint_for
from generator.digest import Digest, digest, digest_of
from generator.editions import view
from generator.figures import Figure, KeyFigures, Library, Records, Resolved, resolve_block
from generator.markdown import BlockPart, Page
from generator.named_charts import check_use, used_chart
from generator.paths import OutputPath, output_for
from generator.roles import PrintedPart, ValuePart
from generator.sources import Snapshot
from generator.values import BoundValue

Key = ValuePart | Location
"""Under which a page's part is resolved: a value under itself, a block under its place."""
NOWHERE = Location("")


@dataclass(frozen=True, slots=True)
class Named:
    """A chart in a file of its own."""

    block: BlockPart
    figure: Figure | None
    """`None` if it cannot be made."""
    digest: Digest
    request: Digest
    """Digest of what it is drawn from."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, with its head filled, and all that it shows."""

    page: Page
    output: OutputPath
    """The file that it becomes."""
    resolved: Mapping[Key, Resolved | BoundValue]
    """What its values and blocks stand for."""
    used: tuple[str, ...]
    """The datasets that they show or rest on."""
    blocks: tuple[Resolved, ...]
    """The blocks that have an id, in their order."""
    named: tuple[tuple[Figure, Location], ...]
    """The charts in files of their own that it shows, with the places where it names them."""
    quotes: tuple[PrintedPart, ...]
    anchors: frozenset[str]
    places: Digest
    """Digest of the anchors."""
    head: Digest
    """Digest of what other pages show of it."""
    digests: Mapping[str, Digest]
    """Digest of each block by its id; the place of the block does not count."""
    requests: Mapping[str, Digest]
    """Digest of what each chart is drawn from."""
    outline: Digest
    """Digest of all that `generator.relations` reads of it."""
    inputs: Mapping[str, Digest]
    """Digests of its text and of all that its values and blocks stand for, labelled."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its charts and tables."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))


def read_named(block: BlockPart, snapshot: Snapshot, library: Library, comparison: Comparison) -> Checked[Named]:
    """Bind a chart in a file of its own."""
    problems: list[Diagnostic] = []
    made = resolve_block(block, library, problems) if block.table.entries else None
    problems += comparison.check_block(block, list(library.datasets), snapshot.text(block.at.path))
    figure = made if isinstance(made, Figure) else None
    request = digest(repr(figure.data)) if figure else digest()
    seen = digest(str(block.at), _digest(figure) if figure else "")
    return Checked(Named(block, figure, seen, request), tuple(problems))


def read_sheet(
    page: Page, snapshot: Snapshot, library: Library, comparison: Comparison, named: Mapping[str, Named]
) -> Checked[Sheet]:
    """Bind *page*, and compare the figures that are typed on it."""
    source = snapshot.text(page.source)
    problems: list[Diagnostic] = []
    typed = page
    library = replace(library, edition=page.front.paper)
    page = replace(page, front=library.shelf.fill_front(page.front, source, problems))
    resolved: dict[Key, Resolved | BoundValue] = {}
    used: dict[str, None] = {}
    shared: list[tuple[Figure, Location]] = []
    for part in page.parts:
        found: Resolved | BoundValue | None = None
        if isinstance(part, BlockPart) and (use := used_chart(part)):
            found = named[use.value].figure if check_use(part, use, named, problems) else None
            shared += [(found, part.at)] if found else []
        elif isinstance(part, BlockPart):
            found = resolve_block(part, library, problems)
        elif isinstance(part, ValuePart):
            found = library.shelf.bind(part, problems)
        elif isinstance(part, PrintedPart):
            library.shelf.check(part, problems)
        if found is not None and isinstance(part, BlockPart | ValuePart):
            resolved[key_of(part)] = found
            used |= dict.fromkeys(datasets_of(found))
    front = page.front
    if front.paper and front.paper not in library.papers:
        message = f"there is no paper '{front.paper}' in sources.yaml"
        hint = hint_for(front.paper, list(library.papers), "papers")
        problems.append(Diagnostic("unknown-paper", message, front.paper_at, hint=hint))
    problems += _check_commentary(page, [library.datasets[name] for name in used], library.papers)
    problems += comparison.check_page(typed, list(used), source)
    own = (resolved.get(part.at) for part in page.parts if isinstance(part, BlockPart) and not used_chart(part))
    blocks = tuple(b for b in own if isinstance(b, Figure | Records | KeyFigures) and b.id)
    digests = {block.id: _digest(block) for block in blocks}
    values = [repr(found) for found in resolved.values() if isinstance(found, BoundValue)]
    anchors = frozenset(
        {heading.id for heading in page.headings}
        | {a for b in blocks for a in anchors_of(b)}
        | {f.id for f, _ in shared}
    )
    quotes = tuple(part for part in page.parts if isinstance(part, PrintedPart))
    charts = [_digest(figure) for figure, _ in shared]
    outline = (
        page.source, page.front, [heading.id for heading in page.headings], list(used),
        [(block.at, digests[block.id]) for block in blocks], [at for _, at in shared], charts,
        [(part.paper, part.place, part.figure) for part in quotes],
    )  # fmt: skip
    sheet = Sheet(
        page=page,
        output=output_for(page.url),
        resolved=MappingProxyType(resolved),
        used=tuple(used),
        blocks=blocks,
        named=tuple(shared),
        quotes=quotes,
        anchors=anchors,
        places=digest(*sorted(anchors)),
        head=digest_of([front.title, front.description, front.summary, front.menu, front.kind, front.order]),
        digests=MappingProxyType(digests),
        requests=MappingProxyType({b.id: digest(repr(b.data)) for b in blocks if isinstance(b, Figure) and b.data}),
        outline=digest(repr(outline)),
        inputs={
            f"page {page.source}": page.digest,
            "figures on the page": digest(*digests.values(), *charts, *values),
        },
    )
    return Checked(sheet, tuple(problems))


def _check_commentary(page: Page, datasets: Iterable[Dataset], papers: Mapping[str, Paper]) -> list[Diagnostic]:
    """Report a page whose words are about an older edition than the figures that it shows."""
    front = page.front
    if not front.commentary_for:
        return []
    about = papers.get(front.commentary_for)
    if about is None:
        message = f"there is no paper '{front.commentary_for}' in sources.yaml"
        hint = hint_for(front.commentary_for, list(papers), "papers")
        return [Diagnostic("unknown-paper", message, front.commentary_at, hint=hint)]
    for dataset in datasets:
        shown = papers.get(view(dataset, front.paper).place.paper) if dataset.editions else None
        if shown and shown.date > about.date:
            message = f"the words of this page are about '{about.id}', and '{dataset.id}' shows '{shown.id}'"
            hint = f"read the page again; once its words fit, 'transparency review --reread {page.source}'"
            return [Diagnostic("old-commentary", message, front.commentary_at, hint=hint)]
    return []


def _digest(block: Resolved) -> Digest:
    """Name a block by all that is made of it; its place does not count, but where problems in Vega-Lite's words are."""
    data = block.data if isinstance(block, Figure) else None
    return digest(repr(replace(block, at=NOWHERE)), repr(data.written) if isinstance(data, RawChart) else "")


def anchors_of(block: Resolved) -> list[str]:
    """Return the anchors of a block; some may stand twice, which is a mistake of its author."""
    found = [block.id]
    for group in block.groups if isinstance(block, Records) else ():
        for each in (group, *group.groups):
            found += [each.anchor, *(record.anchor for record in each.records)]
    return found


def key_of(part: BlockPart | ValuePart) -> Key:
    """Return the key of a part: a value is itself, a block is where it stands."""
    return part if isinstance(part, ValuePart) else part.at


def datasets_of(found: Resolved | BoundValue) -> list[str]:
    """Return the datasets that a part of a page shows or rests on."""
    if isinstance(found, KeyFigures):
        return [figure.value.dataset for figure in found.figures]
    return [found.dataset, *found.others] if isinstance(found, Figure) else [found.dataset]
