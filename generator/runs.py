"""Build as the commands were told: once, from memory where nothing has changed, or again after each change."""

from __future__ import annotations

import datetime
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.paths import OutputPath
from generator.terminal import progress

if TYPE_CHECKING:  # a command loads what it needs alone
    from generator.build import Build
    from generator.charts.workers import Workers
    from generator.diagnostics import Checked
    from generator.facts import Memo
    from generator.reasons import Record
    from generator.sources import Snapshot


@dataclass(frozen=True, slots=True)
class Settings:
    """What all commands are told."""

    root: Path
    output: Path
    base_url: str
    today: datetime.date
    drafts: bool
    strict: bool
    jobs: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build made, or the record of the last one where nothing has changed since."""

    record: Record
    files: Mapping[OutputPath, bytes] | None
    keep: Callable[[], None] = lambda: None
    """Remembers the record, once the files are written."""


def made_or_recalled(settings: Settings, output: Path | None = None) -> Outcome:
    """Build, or recall the last build where it read the same and, if given, *output* holds what it wrote."""
    from generator.memo import Store
    from generator.output import is_current
    from generator.reasons import RECORD, from_text, key_for, record, to_text
    from generator.sources import read_snapshot

    snapshot = read_snapshot(settings.root)
    store = Store(settings.root / ".cache")
    options = (settings.base_url, settings.drafts, settings.today.isoformat())
    key = key_for(snapshot.value, options, snapshot.problems)
    former = from_text(store.recall(RECORD))
    if former and former.key == key:
        digests = {name: file.digest for name, file in former.files.items()}
        if output is None or is_current(digests, output):
            counts = former.counts
            known = {"charts drawn": 0, "charts remembered": counts["charts drawn"] + counts["charts remembered"]}
            return Outcome(replace(former, counts={**counts, **known}), None)
    made = _build(settings, snapshot)
    found = record(key, made.files, made.inputs, made.problems, made.counts, snapshot.value, former)

    def keep() -> None:
        store.remember(RECORD, to_text(found))
        if made.counts["charts drawn"]:
            store.trim()

    return Outcome(found, made.files, keep)


def _build(
    settings: Settings,
    snapshot: Checked[Snapshot],
    *,
    quiet: bool = False,
    memo: Memo | None = None,
    workers: Workers | None = None,
) -> Build:
    from generator.build import Options
    from generator.build import build as run
    from generator.charts.workers import Workers
    from generator.memo import Store

    with progress(quiet=quiet) as on_step:
        processes = workers or Workers(settings.jobs)
        options = Options(settings.base_url, settings.drafts, settings.today, processes, on_step)
        return run(snapshot.value, Store(settings.root / ".cache"), options, snapshot.problems, memo)


class Follower:
    """Builds after each change with all that was remembered of the builds before."""

    def __init__(self, settings: Settings) -> None:
        from generator.charts.workers import Workers
        from generator.facts import Memo
        from generator.sources import read_snapshot

        self._settings = settings
        self._memo, self._workers = Memo(), Workers(settings.jobs, keeps_one=True)
        self._snapshot = read_snapshot(settings.root)
        self.close = self._workers.close

    @property
    def snapshot(self) -> Snapshot:
        """Return the sources as they were last read."""
        return self._snapshot.value

    def is_current(self) -> bool:
        """Tell whether the sources are still those that were built last."""
        from generator.sources import read_snapshot

        return read_snapshot(self._settings.root) == self._snapshot

    def build(self, changed: tuple[Path, ...]) -> Build:
        """Build after the files *changed*, at first after none."""
        from generator.sources import read_again, read_snapshot

        with _without_pauses():
            self._snapshot = read_again(self._settings.root, self._snapshot, changed)
            made = self._build(quiet=bool(changed))
            if made.has_errors and changed:
                time.sleep(0.15)  # a file may have been read while it was half written
                self._snapshot = read_snapshot(self._settings.root)
                made = self._build(quiet=True)
        if not changed:
            gc.freeze()  # most of it stays to the end: a later collection need not look at it
        return made

    def _build(self, *, quiet: bool) -> Build:
        return _build(self._settings, self._snapshot, quiet=quiet, memo=self._memo, workers=self._workers)


@contextmanager
def _without_pauses() -> Iterator[None]:
    """Put the collection of garbage off until a build is done: of a large site it takes as long as the build."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
