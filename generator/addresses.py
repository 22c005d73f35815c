"""The addresses that the site makes itself, and that no two sources claim one, on whatever system it is served.

Names that differ in capitals alone are one file on Windows and macOS; a file cannot be a folder as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from generator.diagnostics import Diagnostic, Location
from generator.paths import WINDOWS_NAMES, UrlPath, output_for

_PLAIN = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_-])?")
MAX_NAME = 100


def dataset_url(name: str) -> UrlPath:
    """Return the address of a dataset's page."""
    return UrlPath(f"/data/{name}/")


def download_url(name: str) -> UrlPath:
    """Return the address of a dataset's CSV."""
    return UrlPath(f"/data/{name}/{name}.csv")


def descriptor_url(name: str) -> UrlPath:
    """Return the address of a dataset's description for machines."""
    return UrlPath(f"/data/{name}/datapackage.json")


def figure_url(name: str) -> UrlPath:
    """Return the address of a figure's own page."""
    return UrlPath(f"/figures/{name}/")


def specification_url(name: str) -> UrlPath:
    """Return the address of a chart's Vega-Lite specification."""
    return UrlPath(f"/figures/{name}/spec.json")


def exploration_url(name: str) -> UrlPath:
    """Return the address of what the viewer shows of a chart."""
    return UrlPath(f"/figures/{name}/explore.json")


def picture_url(name: str, suffix: str) -> UrlPath:
    """Return the address of a chart's picture as a file, e.g. ``svg``."""
    return UrlPath(f"/figures/{name}/{name}.{suffix}")


PICTURES = ("svg", "png")
"""The kinds of picture files that are made of each chart."""


def source_url(paper: str) -> UrlPath:
    """Return the address of the page of a paper; datasets have anchors on it."""
    return UrlPath(f"/data/sources/{paper}/")


CITE = "cite_this"
"""The anchor of the citation on a figure's page; no figure can be called so, since ids hold hyphens only."""
EXPLORE = "explore_this"
"""The anchor of the place where the chart of a figure's page can be explored."""
DATA, SOURCES, CHECKS = UrlPath("/data/"), UrlPath("/data/sources/"), UrlPath("/data/checks/")
CHANGES = UrlPath("/data/changes/")
"""Made where the project keeps a record of changes."""
FIGURES = UrlPath("/figures/")
INDEXES = (DATA, SOURCES, CHECKS, FIGURES)
"""Pages that the site makes itself unless an author writes them."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address, who wants it, and where that is written."""

    url: UrlPath
    owner: str
    """In words, with the file, e.g. ``the dataset 'parks' (content/data/parks.yaml)``."""
    at: Location


OWN = tuple(
    Address(UrlPath(f"/{name}"), f"{what} of the site", Location(""))
    for name, what in {
        "404.html": "the page for unknown addresses",
        "_headers": "the list of headers",
        "_redirects": "the list of redirects",
        "assets": "the folder of styles and fonts",
        "robots.txt": "the file for crawlers",
        "sitemap.xml": "the sitemap",
    }.items()
)
"""What the site makes of itself; everything in ``assets/`` is its own."""


def check_addresses(claims: Iterable[Address]) -> tuple[Diagnostic, ...]:
    """Report each address that somebody before claimed already; the problem stands at the later one and names both."""
    problems: list[Diagnostic] = []
    files: dict[str, Address] = {}
    folders: dict[str, Address] = {}
    for claim in (*OWN, *claims):
        key = str(output_for(claim.url)).casefold()
        above = [key[:end] for end, ch in enumerate(key) if ch == "/"]
        if other := files.get(key):
            case = "" if claim.url == other.url else f", which differs from {other.url} in capitals alone"
            problems.append(_refused(claim, other, f"claim one address, {claim.url}{case}"))
        elif other := next((files[path] for path in above if path in files), None):
            problems.append(_refused(claim, other, f"do not fit: {claim.url} cannot lie below {other.url}"))
        elif other := folders.get(key):
            problems.append(_refused(claim, other, f"do not fit: {other.url} cannot lie below {claim.url}"))
        files.setdefault(key, claim)
        for path in above:
            folders.setdefault(path, claim)
    return tuple(problems)


def _refused(claim: Address, other: Address, message: str) -> Diagnostic:
    message = f"{claim.owner} and {other.owner} {message}"
    return Diagnostic("same-address", message, claim.at, hint="rename one of them")


def unfit_name(path: str) -> str:
    """Return the first part of *path* that is no file name on every system, or an empty string.

    >>> unfit_name("a/b.png"), unfit_name("a/nul.png"), unfit_name("a b/c.png"), unfit_name("a/c.png.")
    ('', 'nul.png', 'a b', 'c.png.')
    """
    for name in path.split("/"):
        if not _PLAIN.fullmatch(name) or len(name) > MAX_NAME or name.partition(".")[0].casefold() in WINDOWS_NAMES:
            return name
    return ""
