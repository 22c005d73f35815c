"""Publish what the templates bring, and the viewer of charts, under names that change with their content."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.digest import digest
from generator.paths import OutputPath
from generator.sources import Snapshot

FOLDER = "templates/assets/"
SCRIPT, VIEWER = "explore.js", "viewer.js"
"""The script that lets readers explore a chart, and the program that it loads; the second is made by the build."""
PUBLISHED = (".css", ".svg", ".woff2", ".png", ".js")
_URL = re.compile(r'url\("(?!data:|https?:|/)([^"]+)"\)')


@dataclass(frozen=True, slots=True)
class Assets:
    """The files to publish, and under which name each is found."""

    files: Mapping[OutputPath, bytes]
    names: Mapping[str, OutputPath]
    """E.g. ``site.css`` -> ``assets/site.1a2b3c4d5e.css``."""


def plan_assets(snapshot: Snapshot, viewer: str = "") -> Assets:
    """Fingerprint all assets and the *viewer*, if there is one; the stylesheet last, since it names the others."""
    files: dict[OutputPath, bytes] = {}
    names: dict[str, OutputPath] = {}
    sources = [source for source in snapshot.under(FOLDER) if source.path.endswith(PUBLISHED)]
    found = [(source.path.removeprefix(FOLDER), source.data) for source in sources]
    found += [(VIEWER, viewer.encode())] if viewer else []
    for name, data in sorted(found, key=lambda each: each[0].endswith(".css")):
        if name.endswith(".css"):
            text = data.decode(errors="surrogateescape")
            data = _URL.sub(lambda found, at=name: _renamed(found[1], at, names), text).encode(errors="surrogateescape")  # type: ignore[misc]
        stem, suffix = posixpath.splitext(name)
        output = OutputPath(f"assets/{stem}.{digest(data)[:10]}{suffix}")
        files[output], names[name] = data, output
    return Assets(MappingProxyType(files), MappingProxyType(names))


def _renamed(target: str, stylesheet: str, names: Mapping[str, OutputPath]) -> str:
    """Return a reference of a stylesheet with the published name of its target."""
    name = posixpath.normpath(posixpath.join(posixpath.dirname(stylesheet), target))
    output = names.get(name)
    base = posixpath.dirname(f"assets/{stylesheet}")
    return f'url("{posixpath.relpath(output, base)}")' if output else f'url("{target}")'
