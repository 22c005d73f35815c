"""What `content/site.yaml` and `content/sources.yaml` say: the site and the council papers it is made from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.diagnostics import Checked, Diagnostic, Location
from generator.paths import SLUG
from generator.positioned import Reader, Table, parse_yaml

ROLES = ("council", "independent")


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of the content."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """The site as `site.yaml` describes it."""

    title: str
    council: str
    publisher_role: str
    """``council`` if the council runs the site itself, ``independent`` otherwise."""
    note: str
    """Who runs the site and where its figures come from; shown on every page."""
    base_url: str
    """Absolute address with a slash at the end; its path is the base path of ``404.html``."""
    language: str
    menu: tuple[tuple[str, Location], ...]
    footer: tuple[tuple[str, Location], ...]
    licence: Licence
    attribution: str
    contact: str
    """Address for reports of problems; empty if there is none."""

    @property
    def base_path(self) -> str:
        """The path part of the base address, e.g. ``/`` or ``/finance/``."""
        rest = self.base_url.partition("://")[2]
        return "/" + rest.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Paper:
    """A council paper from which figures are taken."""

    id: str
    title: str
    meeting: str
    date: datetime.date
    publisher: str
    description: str
    url: str
    """Where the council publishes it; empty if not known."""


def read_config(text: str, path: str, *, base_url: str = "") -> Checked[SiteConfig]:
    """Read `site.yaml`; *base_url*, if given, stands above the one written there."""
    parsed = parse_yaml(text, path)
    problems = list(parsed.problems)
    reader = Reader(parsed.value, "site.yaml", problems)
    licence = reader.reader("licence", "the licence", required=True) or Reader(Table({}, reader.table.at), "", [])
    written = reader.text("base_url", required=True, default="https://example.org/")
    address = base_url or written
    if not address.startswith(("https://", "http://")):
        at = reader.at("base_url")
        reader.problem("wrong-type", f"'{address}' is not an address", at, "write https://… with a slash at the end")
        address = "https://example.org/"
    config = SiteConfig(
        title=reader.text("title", required=True),
        council=reader.text("council", required=True),
        publisher_role=reader.choice("publisher_role", ROLES, required=True, default="independent"),
        note=reader.text("note", required=True),
        base_url=address.rstrip("/") + "/",
        language=reader.text("language", default="en-GB"),
        menu=tuple((item.value, item.at) for item in reader.texts("menu", required=True)),
        footer=tuple((item.value, item.at) for item in reader.texts("footer")),
        licence=Licence(licence.text("title", required=True), licence.text("url", required=True)),
        attribution=reader.text("attribution", required=True),
        contact=reader.text("contact"),
    )
    licence.close()
    reader.close()
    return Checked(config, tuple(problems))


def read_papers(text: str, path: str) -> Checked[Mapping[str, Paper]]:
    """Read `sources.yaml`: each paper once, under its id, in the order written."""
    parsed = parse_yaml(text, path)
    problems = list(parsed.problems)
    papers: dict[str, Paper] = {}
    top = Reader(parsed.value, "sources.yaml", problems)
    for name, entry in top.rest().items():
        if not isinstance(entry.node, Table):
            problems.append(Diagnostic("wrong-type", f"'{name}' must hold keys with values", entry.node.at))
            continue
        if not SLUG.fullmatch(name):
            message = f"'{name}' cannot stand in an address"
            problems.append(Diagnostic("bad-name", message, entry.key_at, hint="use a-z, 0-9 and single hyphens"))
        reader = Reader(entry.node, f"the paper '{name}'", problems)
        reader.node("date", required=True)
        papers[name] = Paper(
            id=name,
            title=reader.text("title", required=True),
            meeting=reader.text("meeting", required=True),
            date=reader.date("date") or datetime.date.min,
            publisher=reader.text("publisher", required=True),
            description=reader.text("description", required=True),
            url=reader.text("url"),
        )
        reader.close()
    return Checked(MappingProxyType(papers), tuple(problems))
