"""Turn file events into settled batches of changed paths.

Editors save in many ways: in place, by a rename, through a temporary file, hundreds at a time.  A batch is handed on
when the events have been quiet for a moment, and the next one only after the first has been dealt with.  Reading a
file makes events too; only those that change something are let in, or every build would start the next one.

A system drops events when very many come at once, and a folder that is removed and made again is another one to it.
Then the folders themselves are handed on, which means that everything in them may have changed.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

FINISHED = 0.020  # seconds of quiet after a file was closed or moved: whoever wrote it is done
UNFINISHED = 0.150  # seconds after a bare creation, change or removal: more may follow
LONGEST = 2.0  # seconds a change waits at most, however busy the folder is
STORM, LULL = 1000, 1.0  # events with less than these seconds between them, of which some may be lost
QUIET = {
    "closed": FINISHED,
    "moved": FINISHED,
    "created": UNFINISHED,
    "modified": UNFINISHED,
    "deleted": UNFINISHED,
}
"""The events that count, by watchdog's names, with the quiet that must follow; all others come from reading."""
EVENTS: list[type[FileSystemEvent]] = [
    FileClosedEvent, FileMovedEvent, DirMovedEvent, FileCreatedEvent, DirCreatedEvent, FileModifiedEvent,
    FileDeletedEvent, DirDeletedEvent,
]  # fmt: skip
"""The same as watchdog's classes: for no others does it ask the system."""

TEMPORARY = ("*.swp", "*.swx", "*~", "#*#", "4913", "~$*", "*.tmp", "*.part", "*.crdownload")
"""Names that editors and browsers use on the way; those that start with a dot are never sources."""


class Debounce:
    """Collects changed paths until they have settled.  Knows no threads and reads no clock but the one it is given."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._settled: dict[Path, float] = {}  # when each path will have been quiet for long enough
        self._first = 0.0
        self._count, self._last = 0, 0.0

    def count(self) -> bool:
        """Count an event of whatever kind; tell whether so many came at once that the system may have lost others.

        A system keeps some thousands (Linux: 16,384) for whoever reads them late, and drops what is more.
        """
        now = self._clock()
        self._count = self._count + 1 if now - self._last < LULL else 1
        self._last = now
        return self._count >= STORM

    def add(self, path: Path, kind: str) -> None:
        """Note that something of *kind*, a key of `QUIET`, happened to *path*."""
        now = self._clock()
        if not self._settled:
            self._first = now
        self._settled[path] = now + QUIET[kind]

    def wait(self) -> float | None:
        """Return the seconds until `take` has a batch, 0 if it has one now, None if nothing has changed."""
        if not self._settled:
            return None
        due = min(max(self._settled.values()), self._first + LONGEST)
        return max(0.0, due - self._clock())

    def take(self) -> tuple[Path, ...]:
        """Return what has changed, sorted, and begin anew."""
        batch = tuple(sorted(self._settled))
        self._settled, self._count = {}, 0
        return batch


def is_ignored(path: Path, folder: Path, ignored: tuple[Path, ...] = ()) -> bool:
    """Tell whether *path* below *folder* can be no source: a temporary or hidden file, or inside one of *ignored*.

    >>> [is_ignored(Path("/p/content") / name, Path("/p/content")) for name in ("a.md", ".git/a", "~$a.xlsx", "#a.md#")]
    [False, True, True, True]
    """
    if any(path.is_relative_to(place) for place in ignored):
        return True
    names = path.relative_to(folder).parts if path.is_relative_to(folder) else (path.name,)
    return any(name.startswith(".") or name == "__pycache__" for name in names) or any(
        fnmatchcase(path.name, form) for form in TEMPORARY
    )


def watch(
    folders: Iterable[Path],
    ignored: Iterable[Path],
    on_change: Callable[[tuple[Path, ...]], object],
    *,
    files: Iterable[Path] = (),
    say: Callable[[str], object] = lambda text: None,
) -> Callable[[], None]:
    """Call *on_change* with each settled batch of paths changed below *folders* or among *files*; return how to stop.

    The calls come one at a time from a thread of their own; what changes meanwhile is in the next batch.  Folders that
    do not exist are watched from when they do.  A folder stands in a batch itself where everything in it may have
    changed.  Where the system has no more watches to give, the folders are read every second instead and *say* gets a
    message.
    """
    # A folder that was moved away and comes back is watched as it should be, with a warning that helps nobody.
    warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
    logging.getLogger("watchdog").setLevel(logging.CRITICAL)  # of lost events and removed folders: both are dealt with
    watcher = _Watcher(
        tuple(folder.absolute() for folder in folders),
        tuple(place.absolute() for place in ignored),
        frozenset(file.absolute() for file in files),
        on_change,
        say,
    )
    try:
        watcher.observe(Observer())
    except OSError as error:
        watcher.poll_after(error)
    watcher.start()
    return watcher.stop


class _Listener(FileSystemEventHandler):
    """Hands on what happened to sources."""

    def __init__(self, watcher: _Watcher) -> None:
        self._watcher = watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        if kind not in QUIET or (event.is_directory and kind == "modified"):  # what changed in it comes by itself
            return
        names = (event.src_path, event.dest_path)  # a save by rename names the real file as destination
        self._watcher.note(kind, [Path(os.fsdecode(name)) for name in names if name])


class _Watcher(threading.Thread):
    """Waits for batches to settle and hands them on."""

    def __init__(
        self,
        folders: tuple[Path, ...],
        ignored: tuple[Path, ...],
        files: frozenset[Path],
        on_change: Callable[[tuple[Path, ...]], object],
        say: Callable[[str], object],
    ) -> None:
        super().__init__(name="watch", daemon=True)
        self._folders, self._ignored, self._files = folders, ignored, files
        self._on_change, self._say = on_change, say
        self._observer: BaseObserver | None = None
        self._watches: dict[Path, ObservedWatch] = {}
        self._debounce = Debounce()
        self._stale: set[Path] = set()
        """The folders that have to be watched anew."""
        self._is_storm = False
        self._news = threading.Condition()
        self._stopped = False

    def observe(self, observer: BaseObserver) -> None:
        """Watch all folders by *observer*, and those around them, where a folder may appear."""
        self._observer, self._watches = observer, {}
        for around in {place.parent for place in (*self._folders, *self._files)}:
            if around.is_dir():
                observer.schedule(_Listener(self), str(around), event_filter=EVENTS)
        for folder in self._folders:
            self._renew(folder)
        observer.start()

    def poll_after(self, error: OSError) -> None:
        """Read the folders every second from now on, if *error* says that the system has no more watches to give."""
        if error.errno not in {errno.ENOSPC, errno.EMFILE}:
            raise error
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
        self._say("this system has no more file watches to give; looking for changes every second instead")
        self.observe(PollingObserver())

    def _renew(self, folder: Path) -> None:
        """Watch what is now at the place of *folder*."""
        assert self._observer is not None
        if former := self._watches.pop(folder, None):
            with suppress(KeyError):  # its watch has ended with the folder
                self._observer.unschedule(former)
        if folder.is_dir():
            with suppress(FileNotFoundError):  # gone this moment, which is news by itself
                self._watches[folder] = self._observer.schedule(
                    _Listener(self), str(folder), recursive=True, event_filter=EVENTS
                )

    def note(self, kind: str, paths: list[Path]) -> None:
        """Note that something of *kind*, a key of `QUIET`, happened to *paths*."""
        with self._news:
            inside = any(path.is_relative_to(folder) for path in paths for folder in self._folders)
            if inside and self._debounce.count():
                if not self._is_storm:
                    self._say("very many files change; all will be read again")
                self._is_storm = True
                paths = [*paths, *self._folders]
            for path in paths:
                if path in self._folders:
                    self._stale.add(path)
                elif path not in self._files and not self._is_source(path):
                    continue
                self._debounce.add(path, kind)
                self._news.notify()

    def _is_source(self, path: Path) -> bool:
        return any(
            path.is_relative_to(folder) and not is_ignored(path, folder, self._ignored) for folder in self._folders
        )

    def stop(self) -> None:
        """End the watch; a build that is running goes on."""
        assert self._observer is not None
        self._observer.stop()
        with self._news:
            self._stopped = True
            self._news.notify()
        for thread in (self._observer, self):
            if thread is not threading.current_thread():
                thread.join(1)  # a build that is running must not hold up Ctrl-C

    def run(self) -> None:
        while found := self._next():
            batch, stale = found
            try:
                self._renew_all(stale)
                self._on_change(batch)
            except Exception:  # a bug in one build must not end the watch
                sys.excepthook(*sys.exc_info())

    def _renew_all(self, stale: set[Path]) -> None:
        """Watch what is now at the places of *stale*, before anything is read, so that no change falls between."""
        for folder in stale:
            try:
                self._renew(folder)
            except OSError as error:
                if error.errno in {errno.ENOSPC, errno.EMFILE}:
                    self.poll_after(error)
                    return  # which looks at all folders
                self._say(f"{folder}: {error.strerror}; its changes are not seen")

    def _next(self) -> tuple[tuple[Path, ...], set[Path]] | None:
        """Return the next batch with the folders to watch anew, or nothing when the watch has been stopped."""
        with self._news:
            while not self._stopped:
                seconds = self._debounce.wait()
                if seconds == 0:
                    stale, self._stale = self._stale, set()
                    self._is_storm = False
                    return self._debounce.take(), stale
                self._news.wait(seconds)
        return None
