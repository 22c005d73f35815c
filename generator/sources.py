"""Read every source of a project once: content, templates and assets, into one immutable `Snapshot`."""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Iterable, Mapping
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
    """In order of their paths."""

    def text(self, path: str) -> str:
        """Return a source as text, whatever its encoding; an empty one if it is missing."""
        source = self.sources.get(SourcePath(path))
        return text_of(source.data) if source else ""

    def digest(self, path: str) -> Digest | None:
        """Return the digest of a source; `None` if it is missing."""
        source = self.sources.get(SourcePath(path))
        return source.digest if source else None

    def under(self, folder: str, suffix: str = "", others_than: tuple[str, ...] = ()) -> list[Source]:
        """Return the sources below *folder* that end with *suffix* and with none of *others_than*, sorted by path."""
        paths = list(self.sources)
        inside = paths[bisect_left(paths, folder) : bisect_left(paths, folder + "\U0010ffff")]
        return [self.sources[path] for path in inside if path.endswith(suffix) and not path.endswith(others_than)]


def check_encoding(source: Source) -> tuple[Diagnostic, ...]:
    """Report a page or description that is not UTF-8; extracts are checked when they are read."""
    if source.path.endswith((".md", ".yaml", ".html", ".css")):
        try:
            source.data.decode()
        except UnicodeDecodeError as error:
            at = Location(source.path, source.data.count(b"\n", 0, error.start) + 1, 1)
            return (Diagnostic("not-utf8", "this file is not UTF-8", at, hint="save it again as UTF-8"),)
    return ()


def snapshot_of(contents: Mapping[str, str | bytes]) -> Snapshot:
    """Make a snapshot without a disk."""
    made = {}
    for path, content in sorted(contents.items()):
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


def read_again(root: Path, former: Checked[Snapshot], changed: Iterable[Path]) -> Checked[Snapshot]:
    """Read what was *changed* since a former reading; everything, where single files would not tell all."""
    sources = dict(former.value.sources)
    here, inner = root.absolute(), root.resolve()
    problems: list[Diagnostic] = list(former.problems)
    for file in changed:
        path = SourcePath(file.relative_to(here).as_posix()) if file.is_relative_to(here) else SourcePath("")
        is_gone = not file.is_file()
        if problems or (is_gone and (path not in sources or path.startswith("templates/"))):
            return read_snapshot(root)
        if not path.startswith(("content/", "templates/")) or _is_ignored(path):
            continue
        if is_gone:
            del sources[path]
            continue
        contents: dict[str, bytes] = {}
        is_inside = file.parent.resolve().is_relative_to(inner)
        if _check_name(path) or _read_file(file, inner, path, contents, is_inside=is_inside):
            return read_snapshot(root)
        sources[path] = Source(path, contents[path], digest(contents[path]))
    if sources.keys() != former.value.sources.keys():
        if len(sources) > MAX_FILES:
            return read_snapshot(root)
        sources = dict(sorted(sources.items()))
    return Checked(Snapshot(MappingProxyType(sources)))


def _is_ignored(path: str) -> bool:
    *folders, name = path.split("/")
    return any(each.startswith(IGNORED) for each in (*folders, name)) or name.endswith(IGNORED_ENDS)


def packaged_templates() -> Path:
    """Return the folder of templates that comes with the program: in the wheel, or in the checkout."""
    packaged = Path(str(files("generator"))) / "_templates"
    return packaged if packaged.is_dir() else Path(str(files("generator"))).parent / "templates"


def _read_folder(
    folder: Path, within: Path, prefix: str, contents: dict[str, bytes], problems: list[Diagnostic]
) -> None:
    total = sum(map(len, contents.values()))
    within = within.resolve()
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(IGNORED))
        is_inside = Path(parent).resolve().is_relative_to(within)
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
            problem = _check_name(path) or _read_file(file, within, path, contents, is_inside=is_inside)
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


def _read_file(
    file: Path, within: Path, path: str, contents: dict[str, bytes], *, is_inside: bool
) -> Diagnostic | None:
    """Read one file; *is_inside* tells that its folder lies inside of *within*."""
    at = Location(path)
    try:
        if not (file.resolve().is_relative_to(within) if file.is_symlink() else is_inside):
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
