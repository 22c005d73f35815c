"""Read every source of a project once: content, templates and assets, into one immutable `Snapshot`."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from generator.charsets import text_of
from generator.diagnostics import Checked, Diagnostic, Location
from generator.digest import Digest, digest
from generator.paths import SourcePath

IGNORED = (".", "~$", "#")
"""Beginnings of names that editors and spreadsheets leave behind."""
IGNORED_ENDS = ("~", ".swp", ".tmp", ".bak")
MAX_BYTES, MAX_FILES, MAX_TOTAL = 20_000_000, 20_000, 1_000_000_000
"""Bytes of one file, number of files, and bytes of all files together."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the project."""

    path: SourcePath
    data: bytes
    digest: Digest


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All sources at one moment."""

    sources: Mapping[SourcePath, Source]

    def text(self, path: str) -> str:
        """Return a source as text, whatever its encoding; an empty one if it is missing."""
        source = self.sources.get(SourcePath(path))
        return text_of(source.data) if source else ""

    def under(self, folder: str, suffix: str = "") -> list[Source]:
        """Return the sources below *folder* whose names end with *suffix*, sorted by path."""
        return [s for p, s in sorted(self.sources.items()) if p.startswith(folder) and p.endswith(suffix)]


def check_encoding(snapshot: Snapshot) -> tuple[Diagnostic, ...]:
    """Report pages and descriptions that are not UTF-8; extracts are checked when they are read."""
    problems = []
    for path, source in sorted(snapshot.sources.items()):
        if path.endswith((".md", ".yaml", ".html", ".css")):
            try:
                source.data.decode()
            except UnicodeDecodeError as error:
                line = source.data.count(b"\n", 0, error.start) + 1
                hint = "save it again as UTF-8"
                problems.append(Diagnostic("not-utf8", "this file is not UTF-8", Location(path, line, 1), hint=hint))
    return tuple(problems)


def snapshot_of(contents: Mapping[str, str | bytes]) -> Snapshot:
    """Make a snapshot without a disk."""
    made = {}
    for path, content in contents.items():
        data = content.encode() if isinstance(content, str) else content
        made[SourcePath(path)] = Source(SourcePath(path), data, digest(data))
    return Snapshot(MappingProxyType(made))


def read_snapshot(root: Path) -> Checked[Snapshot]:
    """Read ``content/`` and ``templates/`` below *root*; templates that are not there come from the package.

    Links that lead out of the project and things that are no files are problems; nothing outside *root* is read for
    the project itself.
    """
    problems: list[Diagnostic] = []
    contents: dict[str, bytes] = {}
    packaged = packaged_templates()
    if packaged.resolve() != (root / "templates").resolve():
        _read_folder(packaged, packaged, "templates", contents, problems)
    for name in ("templates", "content"):
        _read_folder(root / name, root.resolve(), name, contents, problems)
    return Checked(snapshot_of(contents), tuple(problems))


def packaged_templates() -> Path:
    """Return the folder of templates that comes with the program: in the wheel, or in the checkout."""
    packaged = Path(str(files("generator"))) / "_templates"
    return packaged if packaged.is_dir() else Path(str(files("generator"))).parent / "templates"


def _read_folder(
    folder: Path, within: Path, prefix: str, contents: dict[str, bytes], problems: list[Diagnostic]
) -> None:
    total = sum(map(len, contents.values()))
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(IGNORED))
        for name in sorted(names):
            if name.startswith(IGNORED) or name.endswith(IGNORED_ENDS):
                continue
            file = Path(parent) / name
            path = f"{prefix}/{file.relative_to(folder).as_posix()}"
            if len(contents) >= MAX_FILES or total > MAX_TOTAL:
                message, hint = (
                    "the project has too many files, or too large ones together",
                    "take out what is not needed",
                )
                problems.append(Diagnostic("project-too-large", message, Location(prefix), hint=hint))
                return
            problem = _check_name(path) or _read_file(file, within, path, contents)
            if problem:
                problems.append(problem)
            else:
                total += len(contents[path])


def _check_name(path: str) -> Diagnostic | None:
    """Refuse a file whose name is not text; the place then shows what can be shown of it."""
    shown = path.encode(errors="replace").decode()
    if shown == path:
        return None
    hint = "rename it with a-z, 0-9 and single hyphens"
    return Diagnostic("bad-name", "the name of this file cannot be read", Location(shown), hint=hint)


def _read_file(file: Path, within: Path, path: str, contents: dict[str, bytes]) -> Diagnostic | None:
    at = Location(path)
    try:
        if not file.resolve().is_relative_to(within.resolve()):
            return Diagnostic("outside-project", "this link leads out of the project", at, hint="copy the file here")
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return Diagnostic("not-a-file", "this is not a plain file", at, hint="remove it")
        if status.st_size > MAX_BYTES:
            message = f"this file has more than {MAX_BYTES // 1_000_000} MB"
            return Diagnostic("file-too-large", message, at, hint="make it smaller, or link to it")
        contents[path] = file.read_bytes()
    except (OSError, RuntimeError) as error:  # a link to itself is a RuntimeError before Python 3.13
        reason = getattr(error, "strerror", None) or "the link leads to itself"
        return Diagnostic("unreadable", f"this file cannot be read: {reason}", at, hint="remove or replace it")
    return None
