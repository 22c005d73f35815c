"""Find the pictures and documents beside pages; each must be what its name says, and not too large."""

from __future__ import annotations

import posixpath

from generator.addresses import unfit_name
from generator.diagnostics import Diagnostic, Location, Severity
from generator.paths import SourcePath, UrlPath
from generator.sources import Snapshot

ATTACHMENTS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".pdf": b"%PDF-",
               ".webp": b"RIFF"}  # fmt: skip
"""Files beside a page that are published, and how each kind begins."""
MAX_IMAGE, MAX_PDF = 500_000, 15_000_000


def find_attachments(snapshot: Snapshot, problems: list[Diagnostic]) -> dict[UrlPath, SourcePath]:
    """Return the pictures and documents beside pages; each must be what its name says, and not too large."""
    found: dict[UrlPath, SourcePath] = {}
    for source in snapshot.under("content/", others_than=(".md", ".yaml", ".csv")):
        suffix = posixpath.splitext(source.path)[1].casefold()
        if suffix in ("", ".md", ".yaml", ".csv"):
            continue
        at = Location(source.path)
        begins = ATTACHMENTS.get(suffix)
        limit = MAX_PDF if suffix == ".pdf" else MAX_IMAGE
        if name := unfit_name(source.path.removeprefix("content/")):
            hint = "rename it with letters, digits, hyphens and dots"
            problems.append(Diagnostic("bad-name", f"'{name}' cannot stand in an address", at, hint=hint))
        elif begins is None:
            hint = f"files that are published are {', '.join(sorted(ATTACHMENTS))}"
            problems.append(
                Diagnostic("unknown-file", f"'{suffix}' files are not published", at, Severity.WARNING, hint)
            )
        elif not source.data.startswith(begins):
            message = f"this is not a {suffix[1:].upper()} file"
            problems.append(Diagnostic("wrong-media-type", message, at, hint="save it again in that format"))
        elif len(source.data) > limit:
            message = f"this file has {len(source.data) / 1e6:.1f} MB; readers on slow lines need less"
            problems.append(Diagnostic("file-too-large", message, at, hint=f"stay below {limit / 1e6:.1f} MB"))
        else:
            found[UrlPath("/" + source.path.removeprefix("content/"))] = source.path
    return found
