"""What the preview shows at one moment, and how builds and browsers hear of each other.

A build is published to a `Preview`; browsers are answered from it.  A failed build leaves the last good files in place
and adds its problems.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from generator.paths import OutputPath

PATIENCE = 5.0  # seconds that a request waits for a running build before it gets the last good page


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem as the overlay shows it: plain text throughout."""

    place: str
    """Where it stands, e.g. ``content/spend.md:3:4``."""
    severity: str
    code: str
    message: str
    excerpt: str = ""
    """The quoted line with its underline, in lines."""
    hint: str = ""
    link: str = ""
    """The address that opens an editor there; empty where none was asked for."""


@dataclass(frozen=True, slots=True)
class Served:
    """What the preview answers from at one moment; a request reads it once."""

    epoch: int
    files: Mapping[OutputPath, bytes] = field(default_factory=dict)
    touched: Mapping[OutputPath, int] = field(default_factory=dict)
    """The epoch in which each file last changed or went."""
    problems: tuple[ProblemView, ...] = ()
    failed: bool = False
    building: bool = True
    closed: bool = False
    review: str = ""
    """Another text for each update that waits, and for all that its review rests on; empty if none waits."""
    reviewed: int = 0
    """The epoch in which that last changed."""


class Preview:
    """Holds the served build.  Builds publish from any thread; every server that shows it hears of it."""

    def __init__(self, first_epoch: int | None = None) -> None:
        # Milliseconds, so that pages of a former run of the server always count as older.
        self.served = Served(int(time.time() * 1000) if first_epoch is None else first_epoch)
        self._lock = threading.Lock()
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def rebuilding(self) -> None:
        """Let requests wait, for a few seconds at most, until the build that starts now is published."""
        self._update(building=True)

    def publish(
        self,
        files: Mapping[OutputPath, bytes],
        problems: tuple[ProblemView, ...] = (),
        failed: bool = False,
        review: str = "",
    ) -> int:
        """Serve *files* from now on, or where the build *failed* the last good ones; return the epoch.

        Where *review* is another one than before, the page about the update that waits is loaded anew.
        """
        with self._lock:
            was = self.served
            files = was.files if failed else MappingProxyType(dict(files))
            names = was.files.keys() | files.keys()
            changed = {name for name in names if was.files.get(name) != files.get(name)}
            if changed or (problems, failed, review) != (was.problems, was.failed, was.review):
                epoch = was.epoch + 1
                touched = {**was.touched, **dict.fromkeys(changed, epoch)}
                # the first time counts as another one: a page may be open since before the program was started again
                reviewed = was.reviewed if was.reviewed and review == was.review else epoch
                self.served = Served(
                    epoch, files, touched, problems, failed, building=False, closed=was.closed, review=review,
                    reviewed=reviewed,
                )  # fmt: skip
            else:
                self.served = replace(was, building=False)
            epoch = self.served.epoch
        self._wake()
        return epoch

    def close(self) -> None:
        """End all event streams, now and later."""
        self._update(closed=True, building=False)

    def _update(self, **fields: bool) -> None:
        with self._lock:
            self.served = replace(self.served, **fields)  # type: ignore[arg-type]
        self._wake()

    def _wake(self) -> None:
        for loop, woken in tuple(self._listeners):
            with suppress(RuntimeError):  # its server has stopped
                loop.call_soon_threadsafe(woken.set)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever what is served changes."""
        listener = asyncio.get_running_loop(), asyncio.Event()
        self._listeners.add(listener)
        try:
            yield listener[1]
        finally:
            self._listeners.discard(listener)

    async def settled(self, seconds: float = PATIENCE) -> Served:
        """Return what is served once no build runs, or after *seconds* whatever there is."""
        if self.served.building:
            with suppress(TimeoutError), self.listening() as woken:
                async with asyncio.timeout(seconds):
                    while self.served.building:
                        await woken.wait()
                        woken.clear()
        return self.served
