"""Processes that draw: started when there is something to draw; while serving, one is kept warm for the next edit.

The first drawing of a process takes most of a second, all others a fraction of that.  A process ends with the one
that started it, however that one ends, and leaves Ctrl-C to it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from generator.digest import Digest, digest

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

POOL_FROM = 20
"""Missing drawings from which a second process is worth its start."""


class Workers:
    """Gives processes that draw, with the fonts they draw with."""

    def __init__(self, most: int = 0, *, keeps_one: bool = False) -> None:
        """Give *most* processes at a time, 0 for as many as there are cores; *keeps_one* until `close`."""
        self._most = most or os.cpu_count() or 1
        self._keeps_one = keeps_one
        self._kept: tuple[Digest, ProcessPoolExecutor] | None = None
        self._until_close = contextlib.ExitStack()

    @contextlib.contextmanager
    def pool(self, count: int, fonts: Mapping[str, bytes]) -> Iterator[ProcessPoolExecutor]:
        """Give processes enough for *count* drawings; *fonts* are font files by name."""
        many = max(1, min(self._most, -(-count // POOL_FROM)))
        if many == 1 and self._keeps_one:
            yield self._warm(fonts)
        else:
            with _started(many, fonts) as pool:
                yield pool

    def _warm(self, fonts: Mapping[str, bytes]) -> ProcessPoolExecutor:
        key = digest(*(part for name in sorted(fonts) for part in (name, fonts[name])))
        with contextlib.suppress(BrokenExecutor):  # it was ended from outside
            if self._kept and self._kept[0] == key and self._kept[1].submit(int).result() == 0:
                return self._kept[1]
        self.close()
        pool = self._until_close.enter_context(_started(1, fonts))
        self._kept = key, pool
        return pool

    def close(self) -> None:
        """End the process that is kept; the next drawing starts another one."""
        self._kept = None
        self._until_close.close()


@contextlib.contextmanager
def _started(many: int, fonts: Mapping[str, bytes]) -> Iterator[ProcessPoolExecutor]:
    from concurrent.futures import ProcessPoolExecutor  # a build that draws nothing does without
    from multiprocessing import get_context

    with (
        tempfile.TemporaryDirectory(prefix="transparency-") as folder,
        ProcessPoolExecutor(many, get_context("spawn"), _start, (folder,)) as pool,
    ):
        for file, data in fonts.items():
            (Path(folder) / Path(file).name).write_bytes(data)
        pool.submit(int)  # the first one starts while what it shall draw is made
        yield pool


def _start(folder: str) -> None:
    """Give vl-convert the one font of the project; it takes folders only."""
    import vl_convert

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    vl_convert.register_font_directory(folder)


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
