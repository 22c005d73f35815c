"""Three kinds of path that must not be mistaken for each other: of a source, of an address, of an output file."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import NewType

SourcePath = NewType("SourcePath", str)  # e.g. "content/budget/index.md", relative to the project, with slashes
UrlPath = NewType("UrlPath", str)  # e.g. "/budget/2024-25/", always starting with a slash
OutputPath = NewType("OutputPath", str)  # e.g. "budget/2024-25/index.html", relative to site/

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WINDOWS_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
"""Names of devices, which no file may have there."""
RESERVED = frozenset({"404", "assets", "index", "_headers", "_redirects", *WINDOWS_NAMES})


def url_for(source: SourcePath) -> UrlPath:
    """Return the address at which the page from *source* is published.

    Addresses are directories, so that they survive a change of file format.

    >>> url_for(SourcePath("content/spend/index.md")), url_for(SourcePath("content/spend/by-ward.md"))
    ('/spend/', '/spend/by-ward/')
    >>> url_for(SourcePath("content/index.md"))
    '/'
    """
    stem = source.removeprefix("content/").removesuffix(".md")
    stem = stem.removesuffix("index").rstrip("/") if stem == "index" or stem.endswith("/index") else stem
    return UrlPath(f"/{stem}/" if stem else "/")


def output_for(url: UrlPath) -> OutputPath:
    """Return the file that a static host serves at *url*.

    >>> output_for(UrlPath("/spend/")), output_for(UrlPath("/data/spend.csv"))
    ('spend/index.html', 'data/spend.csv')
    """
    return OutputPath(url[1:] + "index.html" if url.endswith("/") else url[1:])


def relative_url(base: UrlPath, target: UrlPath) -> str:
    """Return *target* as a link relative to the page at *base*, so that the site works under any folder.

    >>> relative_url(UrlPath("/spend/by-ward/"), UrlPath("/data/spend.csv"))
    '../../data/spend.csv'
    >>> relative_url(UrlPath("/spend/"), UrlPath("/spend/")), relative_url(UrlPath("/"), UrlPath("/spend/"))
    ('./', 'spend/')
    """
    folders, parts = base.split("/")[:-1], target.split("/")
    common = len(posixpath.commonprefix([folders, parts[:-1]]))
    return "../" * (len(folders) - common) + "/".join(parts[common:]) or "./"


@lru_cache(maxsize=20_000)
def bad_segment(source: SourcePath) -> str:
    """Return the first part of *source* that cannot stand in an address, or an empty string.

    >>> bad_segment(SourcePath("content/Spend/index.md")), bad_segment(SourcePath("content/spend/index.md"))
    ('Spend', '')
    """
    stem = source.removeprefix("content/").removesuffix(".md")
    segments = stem.split("/")
    if segments[-1] == "index":
        segments.pop()
    for segment in segments:
        if not SLUG.fullmatch(segment) or len(segment) > 100 or segment in RESERVED:
            return segment
    return ""


def slugify(text: str) -> str:
    """Return *text* as an anchor or file name: lower case, ASCII letters and digits, single hyphens.

    >>> slugify("Children, Young People & Education"), slugify("2.4 Reach"), slugify("£")
    ('children-young-people-and-education', '2-4-reach', '')
    """
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("&", " and ").replace("'", "").replace("’", ""))
    return "-".join(words)
