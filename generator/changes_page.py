"""Plan the page of all figures that changed after they were published, and of the editions that were added."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup

from generator.addresses import CHANGES, dataset_url
from generator.changes import KINDS, PATH, Change, sentence
from generator.contexts import CardGroupView, CardView, ListingContext
from generator.diagnostics import Diagnostic
from generator.digest import digest_of
from generator.planner import Artifact, Planner
from generator.views import Desk
from generator.words import long_date

TEXT = "Every figure of this site that changed after it was published, with the old and the new value and the reason."
LEAD = "What changed after it was published, the newest first."
BODY = (
    "A revision is planned by the source: a provisional figure becomes final. A correction puts a mistake right. "
    "Each entry says which of the two it is, and why."
)
NONE = "No figure has changed so far."


def changes_page(planner: Planner, changes: tuple[Change, ...]) -> Artifact:
    """Return the list of changes."""

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(CHANGES)
        newest = sorted(changes, key=lambda change: (change.date, change.at.line), reverse=True)
        groups = tuple(
            CardGroupView(long_date(day), f"changes-{day.isoformat()}", _cards(planner, desk, members))
            for day, members in groupby(newest, key=lambda change: change.date)
        )
        body = Markup("<p>{}</p>").format(BODY if changes else f"{NONE} {BODY}")
        return ListingContext(**planner.base(desk, "Changes", TEXT), lead=LEAD, body=body, groups=groups)

    return planner.artifact(CHANGES, "pages/listing.html", {f"record {PATH}": digest_of(repr(changes))}, context)


def _cards(planner: Planner, desk: Desk, changes: Iterable[Change]) -> tuple[CardView, ...]:
    cards = []
    for change in changes:
        dataset = planner.site.datasets[change.dataset]
        words = f"{sentence(dataset, change)} {change.reason}"
        cards.append(CardView(dataset.title, desk.href(dataset_url(dataset.id)), words, (KINDS[change.kind],)))
    return tuple(cards)
