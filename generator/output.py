"""Write a whole site, or nothing.

The next site is put together in a folder beside the present one and takes its place in one step, so that a reader or a
host never sees half of it and a failed or killed build leaves the present one as it was.  Files that stay the same are
hard links to the present ones: they keep their inode and time, and nothing is ever written into them.  Folders that
this command did not make are refused, never emptied.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.digest import Digest, digest
from generator.paths import OutputPath

MARKER = ".transparency"
"""The file that says a folder is ours to replace.  ``.gitignore`` cannot say it: many projects have the same one."""
WHOLE = "Everything in this folder is replaced by each build of the transparency command.\n"
PARTIAL = "This folder is being built or removed by the transparency command and is not whole.\n"
IGNORE = ".gitignore"  # committed with an otherwise empty site/, hence kept
OWN = frozenset({MARKER, MARKER + ".new", IGNORE})


class OutputRefused(Exception):
    """The site cannot or must not be written there; the text says why, for the person who asked."""


class OutputBusy(Exception):
    """Another build is writing to the same folder at this moment."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What writing a site changed in its folder."""

    written: int
    unchanged: int
    removed: int
    changed: tuple[OutputPath, ...]
    """The files that were written because they are new or differ, in order of their names."""


def sync(files: Mapping[OutputPath, bytes], folder: Path, *, sources: tuple[Path, ...] = ()) -> Synced:
    """Make *folder* hold exactly *files*, in one step, or raise and leave it as it was.

    *sources* are files and folders that must survive: *folder* may be none of them and may contain none of them.
    Nothing at all is touched where the folder already holds these files.
    """
    folder = _absolute(folder)
    check_folder(folder, sources)
    _check_names(files)
    try:
        repair(folder)
        return _replace(files, folder)
    except OSError as error:
        raise OutputRefused(_explain(error, folder)) from error


def is_current(files: Mapping[OutputPath, Digest], folder: Path) -> bool:
    """Tell whether *folder* is a whole site of exactly these files, given by their digests."""
    folder = _absolute(folder)
    if not _is_whole(folder) or os.path.lexists(_next(folder)) or os.path.lexists(_old(folder)):
        return False
    found = {name: entry for name, entry in _walk(folder) if not entry.is_dir(follow_symlinks=False)}
    return found.keys() - OWN == files.keys() and all(_has_digest(found[name], seen) for name, seen in files.items())


def _has_digest(entry: os.DirEntry[str], seen: Digest) -> bool:
    try:
        return _is_file(entry) and digest(Path(entry.path).read_bytes()) == seen
    except OSError:
        return False


def check_folder(folder: Path, sources: tuple[Path, ...] = ()) -> None:
    """Raise `OutputRefused` unless *folder* may be replaced as a whole."""
    folder = _absolute(folder)
    for source in (*sources, _home()):
        source = source.resolve()
        if any(_is_same(folder, place) for place in (source, *source.parents)):
            raise OutputRefused(f"{folder} is or contains {source}, which a build must not replace")
    if folder.is_symlink():
        raise OutputRefused(f"{folder} is a link; name the folder itself")
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputRefused(f"{folder} is not a folder")
    if folder.is_dir() and not _is_ours(folder):
        raise OutputRefused(f"{folder} holds files that this command did not write; empty it or choose another folder")


def repair(folder: Path) -> bool:
    """Put right what a killed build left beside *folder*; tell whether there was anything to do.

    The present site is moved away only when the next one is whole, so where the site is missing the whole one of the
    two takes its place.
    """
    folder = _absolute(folder)
    following, former = _next(folder), _old(folder)
    found = os.path.lexists(following) or os.path.lexists(former)
    if found and not os.path.lexists(folder):
        for candidate in (following, former):
            if _is_whole(candidate):
                candidate.rename(folder)
                _flush_folder(folder.parent)
                break
    _discard(following)
    _discard(former)
    return found


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to write *folder*; raise `OutputBusy` where a living process holds it.

    The system releases the lock of a killed process by itself.  The lock file stays: removing it would let two builds
    lock two files of the same name.
    """
    folder = _absolute(folder)
    place = folder.with_name(f".{folder.name}.lock")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except OSError as error:
        raise OutputRefused(f"cannot lock {folder}: {error.strerror or error}") from error
    try:
        if not _lock(handle):
            holder = os.read(handle, 20).decode("ascii", "replace").strip()
            raise OutputBusy(f"another build{f' (process {holder})' if holder else ''} is writing to {folder}")
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)  # closing releases the lock


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; return False where the system cannot do that."""
    if sys.platform != "linux":
        return False
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    at_working_folder, rename_exchange = -100, 2
    names = os.fsencode(one), os.fsencode(other)
    return bool(library.renameat2(at_working_folder, names[0], at_working_folder, names[1], rename_exchange) == 0)


def _replace(files: Mapping[OutputPath, bytes], folder: Path) -> Synced:
    present = dict(_walk(folder)) if folder.is_dir() else {}
    unchanged = {name for name, data in files.items() if name in present and _holds(present[name], data)}
    changed = tuple(sorted(files.keys() - unchanged))
    folders = _folders_of(files)
    extra = present.keys() - files.keys() - folders - OWN
    removed = sum(not present[name].is_dir(follow_symlinks=False) for name in extra)
    if folder.is_dir() and not changed and not extra:
        return Synced(0, len(unchanged), 0, ())
    following = _next(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        following.mkdir()
        _mark(following, PARTIAL)
        for name in sorted(folders):
            (following / name).mkdir()
        kept = unchanged | ({IGNORE} if IGNORE in present and _is_file(present[IGNORE]) else set())
        for name in sorted(kept):
            _link(folder / name, following / name)
        for name in changed:
            (following / name).write_bytes(files[name])
        for name in changed:  # after all are written, so that the disk may order its work
            _flush_file(following / name)
        _mark(following, WHOLE)
        for name in sorted(folders):
            _flush_folder(following / name)
        _flush_folder(following)
        _take_place(following, folder)
    except BaseException:
        with suppress(OSError, OutputRefused):  # the first failure is the one to report
            repair(folder)
        raise
    with suppress(OSError):  # the new site stands; the next build removes what is left of the former one
        _discard(following)
        _discard(_old(folder))
    return Synced(len(changed), len(unchanged), removed, changed)


def _take_place(following: Path, folder: Path) -> None:
    """Let the next site take the place of the present one."""
    if not folder.is_dir():
        following.rename(folder)
    elif not exchange(folder, following):
        former = _old(folder)
        try:
            folder.rename(former)
            following.rename(folder)  # `repair` knows what to do after a kill between the two
        except PermissionError as error:
            held = _held(former if former.exists() else folder)
            raise OutputRefused(f"{held or folder} is open in another program; close it and build again") from error
    _flush_folder(folder.parent)


def _held(folder: Path) -> Path | None:
    """Find a file that another program does not let go of; only Windows refuses such a rename."""
    for _, entry in _walk(folder):
        if _is_file(entry):
            place = Path(entry.path)
            try:
                place.rename(place)
            except OSError:
                return place
    return None


def _walk(folder: Path | str, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Name everything below *folder*, with slashes; links are named but not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield prefix + entry.name, entry
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _holds(entry: os.DirEntry[str], data: bytes) -> bool:
    """Tell whether a file has these bytes; one that cannot be read has not."""
    try:
        if not _is_file(entry) or entry.stat(follow_symlinks=False).st_size != len(data):
            return False
        return Path(entry.path).read_bytes() == data
    except OSError:
        return False


def _link(present: Path, following: Path) -> None:
    """Let the next site share a file of the present one, or copy it where the disk has no hard links."""
    try:
        os.link(present, following, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(present, following, follow_symlinks=False)
        _flush_file(following)


def _folders_of(files: Mapping[OutputPath, bytes]) -> set[str]:
    found: set[str] = set()
    for name in files:
        parent = name.rpartition("/")[0]
        while parent and parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return found


def _check_names(files: Mapping[OutputPath, bytes]) -> None:
    folders = _folders_of(files)
    for name in files:
        parts = name.split("/")
        if {"", ".", ".."} & set(parts) or parts[0] in OWN or any(ch in name for ch in "\\:\0"):
            raise OutputRefused(f"{name!r} is not the name of a file that a site can have")
        if name in folders:
            raise OutputRefused(f"{name!r} would be a file and a folder")


def _absolute(folder: Path) -> Path:
    """Return *folder* without links in the path to it; the folder itself may still be one."""
    return folder.resolve() if folder.name in {"", ".."} else folder.parent.resolve() / folder.name


def _home() -> Path:
    return Path("~").expanduser()


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two names mean one place, also where a disk ignores case."""
    if one == other:
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


def _next(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}-next")


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}-old")


def _is_ours(folder: Path) -> bool:
    """Tell whether *folder* has our marker, or nothing that could be missed."""
    names = {place.name for place in folder.iterdir()}
    return MARKER in names or names <= OWN


def _is_whole(folder: Path) -> bool:
    try:
        return not folder.is_symlink() and (folder / MARKER).read_text("utf-8") == WHOLE
    except OSError:
        return False


def _mark(folder: Path, text: str) -> None:
    """Write the marker by a rename, so that it is never half written."""
    draft = folder / (MARKER + ".new")
    draft.write_bytes(text.encode())
    _flush_file(draft)
    draft.replace(folder / MARKER)


def _discard(folder: Path) -> None:
    """Remove a folder of ours.  The marker says at once that it is not whole, and goes last."""
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir() or not _is_ours(folder):
        raise OutputRefused(f"{folder} is in the way and was not made by this command; move it away")
    _mark(folder, PARTIAL)
    for place in folder.iterdir():
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif place.name != MARKER:
            place.unlink()
    (folder / MARKER).unlink()
    folder.rmdir()


def _flush_file(place: Path) -> None:
    handle = os.open(place, os.O_RDWR)  # Windows flushes only what is open for writing
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    """Make names in *folder* survive a power cut; only POSIX systems can open a folder."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _explain(error: OSError, folder: Path) -> str:
    """Say what failed, about the file of the site rather than its place in the folder of the next one."""
    following = str(_next(folder))
    where = str(error.filename or folder).replace(following, str(folder))
    return f"cannot write {where}: {error.strerror or error}"


def _lock(handle: int) -> bool:
    """Lock an open file without waiting; return False where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 1 << 20, os.SEEK_SET)  # beyond the process number, which others must be able to read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.lseek(handle, 0, os.SEEK_SET)
        return False
    return True
