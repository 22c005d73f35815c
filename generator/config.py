"""What `content/site.yaml` and `content/sources.yaml` say: the site and the council papers it is made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.diagnostics import Checked, Diagnostic, Location
from generator.paths import SLUG
from generator.positioned import Reader, Table, parse_yaml

ROLES = ("council", "independent")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_YEAR = re.compile(r"[0-9]{4}")
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?")
_OUTSIDE = re.compile(r"https?://[^\s\\\"'<>{}|^`]+")
"""Addresses of our own site, which stand in many files, and of pages elsewhere."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


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
    """Empty if the paper names none."""
    date: str
    """ISO date, or a year alone where the paper prints no day."""
    publisher: str
    description: str
    url: str
    """Where the council publishes it; empty if not known."""
    file: str = ""
    """The name of the file as it was received; empty if that was not recorded."""
    sha256: str = ""
    """Its SHA-256, with which anyone can tell whether a file is the same."""


def read_config(text: str, path: str, *, base_url: str = "") -> Checked[SiteConfig]:
    """Read `site.yaml`; *base_url*, if given, stands above the one written there."""
    parsed = parse_yaml(text, path)
    problems = list(parsed.problems)
    reader = Reader(parsed.value, "site.yaml", problems)
    licence = reader.reader("licence", "the licence", required=True) or Reader(Table({}, reader.table.at), "", [])
    written = reader.text("base_url", required=True, default="https://example.org/")
    address = base_url or written
    if not _BASE.fullmatch(address):
        at = reader.at("base_url")
        reader.problem("wrong-type", f"'{address}' is not an address", at, "write https://… with a slash at the end")
        address = "https://example.org/"
    config = SiteConfig(
        title=reader.text("title", required=True),
        council=reader.text("council", required=True),
        publisher_role=reader.choice("publisher_role", ROLES, required=True, default="independent"),
        note=reader.text("note", required=True),
        base_url=address.rstrip("/") + "/",
        language=_language(reader),
        menu=tuple((item.value, item.at) for item in reader.texts("menu", required=True)),
        footer=tuple((item.value, item.at) for item in reader.texts("footer")),
        licence=Licence(licence.text("title", required=True), _address(licence, required=True)),
        attribution=reader.text("attribution", required=True),
        contact=reader.text("contact"),
    )
    licence.close()
    reader.close()
    return Checked(config, tuple(problems))


def _address(reader: Reader, *, required: bool = False) -> str:
    """Return the address of a page elsewhere under the key ``url``; empty if there is none that a reader may follow."""
    written = reader.text("url", required=required)
    if not written or _OUTSIDE.fullmatch(written):
        return written
    reader.problem("bad-link", f"'{written}' is not the address of a page", reader.at("url"), "write https://…")
    return ""


def _language(reader: Reader) -> str:
    written = reader.text("language", default="en-GB")
    if not _LANGUAGE.fullmatch(written):
        reader.problem("wrong-type", f"'{written}' is not a language", reader.at("language"), "write 'en-GB'")
        return "en-GB"
    return written


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
        date = reader.text("date", required=True)
        papers[name] = Paper(
            id=name,
            title=reader.text("title", required=True),
            meeting=reader.text("meeting"),
            date=date if _YEAR.fullmatch(date) or reader.date("date") else "",
            publisher=reader.text("publisher", required=True),
            description=reader.text("description", required=True),
            url=_address(reader),
            file=reader.text("file"),
            sha256=reader.text("sha256"),
        )
        if papers[name].sha256 and not _SHA256.fullmatch(papers[name].sha256):
            hint = "remove the line, or let 'transparency receive' write it"
            reader.problem("wrong-type", "this is not a SHA-256", reader.at("sha256"), hint)
        reader.close()
    return Checked(MappingProxyType(papers), tuple(problems))
