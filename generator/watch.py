"""Turn file events into settled batches of changed paths.

Editors save in many ways: in place, by a rename, through a temporary file, hundreds at a time.  A batch is handed on
when the events have been quiet for a moment, and the next one only after the first has been dealt with.  Reading a
file makes events too; only those that change something are let in, or every build would start the next one.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

FINISHED = 0.020  # seconds of quiet after a file was closed or moved: whoever wrote it is done
UNFINISHED = 0.150  # seconds after a bare creation, change or removal: more may follow
LONGEST = 2.0  # seconds a change waits at most, however busy the folder is
QUIET = {
    "closed": FINISHED,
    "moved": FINISHED,
    "created": UNFINISHED,
    "modified": UNFINISHED,
    "deleted": UNFINISHED,
}
"""The events that count, by watchdog's names, with the quiet that must follow; all others come from reading."""

TEMPORARY = ("*.swp", "*.swx", "*~", "#*#", "4913", "~$*", "*.tmp", "*.part", "*.crdownload")
"""Names that editors and browsers use on the way; those that start with a dot are never sources."""


class Debounce:
    """Collects changed paths until they have settled.  Knows no threads and reads no clock but the one it is given."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._settled: dict[Path, float] = {}  # when each path will have been quiet for long enough
        self._first = 0.0

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
        self._settled = {}
        return batch


def is_ignored(path: Path, folder: Path, ignored: tuple[Path, ...] = ()) -> bool:
    """Tell whether *path* below *folder* can be no source: a temporary or hidden file, or inside one of *ignored*.

    >>> [is_ignored(Path("/p/content") / name, Path("/p/content")) for name in ("a.md", ".git/a", "~$a.xlsx", "#a.md#")]
    [False, True, True, True]
    """
    if any(path.is_relative_to(place) for place in ignored):
        return True
    names = path.relative_to(folder).parts if path.is_relative_to(folder) else (path.name,)
    return any(name.startswith(".") for name in names) or any(fnmatchcase(path.name, form) for form in TEMPORARY)


def watch(
    folders: tuple[Path, ...],
    ignored: tuple[Path, ...],
    on_change: Callable[[tuple[Path, ...]], object],
    *,
    say: Callable[[str], object] = lambda text: None,
) -> Callable[[], None]:
    """Call *on_change* with each settled batch of paths changed below *folders*; return how to stop.

    The calls come one at a time from a thread of their own; what changes meanwhile is in the next batch.  Folders that
    do not exist are left out.  Where the system has no more watches to give, the folders are read every second instead
    and *say* gets a message.
    """
    # A folder that was moved away and comes back is watched as it should be, with a warning that helps nobody.
    warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
    folders = tuple(folder.absolute() for folder in folders if folder.is_dir())
    ignored = tuple(place.absolute() for place in ignored)
    watcher = _Watcher(on_change)

    def start(observer: BaseObserver) -> BaseObserver:
        for folder in folders:
            observer.schedule(_Listener(watcher, folder, ignored), str(folder), recursive=True)
        observer.start()
        return observer

    try:
        observer = start(Observer())
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EMFILE}:
            raise
        say("this system has no more file watches to give; looking for changes every second instead")
        observer = start(PollingObserver())
    watcher.start()

    def stop() -> None:
        observer.stop()
        watcher.stop()
        for thread in (observer, watcher):
            if thread is not threading.current_thread():
                thread.join(1)  # a build that is running must not hold up Ctrl-C

    return stop


class _Listener(FileSystemEventHandler):
    """Hands on what happened to sources below one folder."""

    def __init__(self, watcher: _Watcher, folder: Path, ignored: tuple[Path, ...]) -> None:
        self._watcher, self._folder, self._ignored = watcher, folder, ignored

    def on_any_event(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        if kind not in QUIET or (event.is_directory and kind == "modified"):  # what changed in it comes by itself
            return
        for name in (event.src_path, event.dest_path):  # a save by rename names the real file as destination
            path = Path(os.fsdecode(name))
            if name and not is_ignored(path, self._folder, self._ignored):
                self._watcher.add(path, kind)


class _Watcher(threading.Thread):
    """Waits for batches to settle and hands them on."""

    def __init__(self, on_change: Callable[[tuple[Path, ...]], object]) -> None:
        super().__init__(name="watch", daemon=True)
        self._on_change = on_change
        self._debounce = Debounce()
        self._news = threading.Condition()
        self._stopped = False

    def add(self, path: Path, kind: str) -> None:
        with self._news:
            self._debounce.add(path, kind)
            self._news.notify()

    def stop(self) -> None:
        with self._news:
            self._stopped = True
            self._news.notify()

    def run(self) -> None:
        while batch := self._next():
            try:
                self._on_change(batch)
            except Exception:  # a bug in one build must not end the watch
                sys.excepthook(*sys.exc_info())

    def _next(self) -> tuple[Path, ...]:
        """Return the next batch, or nothing when the watch has been stopped."""
        with self._news:
            while not self._stopped:
                seconds = self._debounce.wait()
                if seconds == 0:
                    return self._debounce.take()
                self._news.wait(seconds)
        return ()
