"""Find what a link leads to: a page, a place on it, a picture, an address outside, or nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from generator.addresses import CITE, dataset_url, download_url, figure_url, source_url
from generator.diagnostics import Checked, Diagnostic, Location, Severity, did_you_mean, hint_for
from generator.digest import Digest, digest, digest_of
from generator.editions import papers_of
from generator.facts import Facts, Memo
from generator.figures import Library
from generator.markdown import LinkPart, Page
from generator.paths import SourcePath, UrlPath
from generator.sheets import Sheet

_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
THERE = digest("there")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: an address of the site with an anchor, or an address outside."""

    url: UrlPath
    anchor: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What the links of a page lead to, in their order."""

    targets: tuple[Target, ...]
    inputs: Mapping[str, Digest]
    """Their digest, labelled."""


@dataclass(frozen=True, slots=True)
class Places:
    """Everything that a page may link to."""

    addresses: Mapping[UrlPath, None]
    anchors: Mapping[UrlPath, frozenset[str]]
    """The anchors of the pages that have any beside ``figures``."""
    sources: Mapping[SourcePath, UrlPath]
    """Where each page is published."""
    attachments: Mapping[UrlPath, SourcePath]
    withheld: Mapping[UrlPath, str]
    """Pages that are not published yet, with why in words."""


def places(
    memo: Memo,
    library: Library,
    sheets: Mapping[UrlPath, Sheet],
    figures: Iterable[str],
    attachments: Mapping[UrlPath, SourcePath],
    withheld: Collection[tuple[Page, str]],
) -> Places:
    """Return what pages may link to; *withheld* are the pages that are not published yet, with why."""
    figures = list(figures)
    made = chain(
        library.indexes, map(dataset_url, library.datasets), map(download_url, library.datasets),
        map(source_url, library.papers), map(figure_url, figures),
    )  # fmt: skip
    addresses = dict.fromkeys(chain(sheets, made))
    anchors = {figure_url(name): frozenset({name, CITE}) for name in figures}
    taken: dict[UrlPath, set[str]] = {}
    for name, dataset in library.datasets.items():
        for paper in papers_of(dataset):
            taken.setdefault(source_url(paper), {"figures"}).add(name)
    anchors |= {url: frozenset(names) for url, names in taken.items()}
    known = {url: digest(*sorted(found)) for url, found in anchors.items()}
    anchors |= {url: sheet.anchors for url, sheet in sheets.items()}
    known |= {url: sheet.places for url, sheet in sheets.items()}
    sources = {sheet.page.source: url for url, sheet in sheets.items()} | {
        page.source: page.url for page, _ in withheld
    }
    reasons = {page.url: why for page, why in withheld}
    return Places(
        Facts(memo, "address", addresses, dict.fromkeys(addresses, THERE)),
        Facts(memo, "places on page", anchors, known),
        Facts(memo, "address of", sources, dict.fromkeys(sources, THERE)),
        Facts(memo, "file", attachments, dict.fromkeys(attachments, THERE)),
        Facts(memo, "unpublished page", reasons, {url: digest(why) for url, why in reasons.items()}),
    )


def resolve_links(page: Page, known: Places, severity: Severity) -> Checked[Links]:
    """Find what each link on *page* leads to, in their order.

    A link of a published page to one that is not is a problem of this *severity*.
    """
    targets: list[Target] = []
    problems: list[Diagnostic] = []
    is_published = page.url not in known.withheld
    for part in page.parts:
        if isinstance(part, LinkPart):
            found = resolve_link(part, page, known)
            if isinstance(found, Diagnostic):
                problems.append(found)
                found = Target(page.url)  # never written: the problem stops the build
            elif is_published and (why := known.withheld.get(found.url)):
                problems.append(unpublished(f"the link '{part.target}'", why, part.at, severity))
            targets.append(found)
    return Checked(Links(tuple(targets), {"what its links lead to": digest_of(repr(targets))}), tuple(problems))


def unpublished(link: str, why: str, at: Location, severity: Severity) -> Diagnostic:
    """Say that something published leads to a page that is not."""
    hint = "publish that page first, or take the link out until then"
    return Diagnostic("unpublished-link", f"{link} leads to a page that {why}", at, severity, hint)


def resolve_link(part: LinkPart, page: Page, known: Places) -> Target | Diagnostic:
    """Find what a link on *page* leads to, or say what is broken and what was likely meant."""
    text = part.target
    if _OUTSIDE.match(text) or text.startswith("//") or "\\" in text or not text:
        return Target(page.url, outside=text)  # a scheme that is not allowed was reported by the parser
    path, _, anchor = text.partition("#")
    if not path:
        return _with_anchor(part, page.url, anchor, known)
    if path.startswith("/"):
        url = UrlPath(path)
    else:
        joined = SourcePath(posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path)))
        if joined.endswith(".md"):
            found = known.sources.get(joined)
            if found is None:
                return _broken(part, f"there is no page '{joined}'", hint_for(joined, list(known.sources), ""))
            url = found
        else:
            inside = joined.removeprefix("content").strip("/")
            url = UrlPath(f"/{inside}" + ("/" if path.endswith("/") and inside else ""))
    if url in known.attachments:
        return Target(url)
    if url in known.withheld:
        return Target(url, anchor)
    if part.is_image:
        return _broken(
            part, f"there is no picture '{text}' beside this page", "put the file into the folder of the page"
        )
    if url in known.addresses:
        return _with_anchor(part, url, anchor, known)
    near = did_you_mean(url, list(known.addresses)) or "write that page, or correct the address"
    if UrlPath(url + "/") in known.addresses:
        near = f"write '{url}/', with a slash at the end"
    return _broken(part, f"the link '{text}' leads nowhere", near)


def _with_anchor(part: LinkPart, url: UrlPath, anchor: str, known: Places) -> Target | Diagnostic:
    if anchor:
        there = known.anchors.get(url, frozenset({"figures"}))
        if anchor not in there:
            message = f"the page {url} has no place '#{anchor}'"
            return _broken(part, message, hint_for(anchor, sorted(there), "places"))
    return Target(url, anchor)


def _broken(part: LinkPart, message: str, hint: str) -> Diagnostic:
    return Diagnostic("broken-link", message, part.at, hint=hint)
