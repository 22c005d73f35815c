"""Run `transparency serve` in a process of its own, as an editor does."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.command import CHECKOUT, arguments, environment


class Serving:
    """A running preview of the project at *root*."""

    def __init__(self, root: Path, *words: str, program: Path = CHECKOUT) -> None:
        """Start it from the checkout of the *program*."""
        self.root = root
        self.process = subprocess.Popen(
            arguments("serve", "--root", root, "--port", "0", *words),
            cwd=program,
            env=environment({"PYTHONUNBUFFERED": None, "PYTHONPATH": str(program)}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.told: list[str] = []
        self.errors: list[str] = []
        self._addresses: Queue[str] = Queue()
        self._readers = [threading.Thread(target=self._read_told), threading.Thread(target=self._read_errors)]
        for reader in self._readers:
            reader.start()

    def _read_told(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.append(line)
            if "http://" in line:
                self._addresses.put(next(word for word in line.split() if word.startswith("http://")))

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line)

    def wait_for(self, is_so: Callable[[str], bool], seconds: float = 20) -> str:
        """Wait until what was said is as it should be; return it."""
        ends = time.monotonic() + seconds
        while not is_so(said := "".join(self.told + self.errors)):
            if time.monotonic() > ends:
                pytest.fail(f"serve did not say it: {said}")
            time.sleep(0.02)
        return said

    def url(self) -> str:
        try:
            return self._addresses.get(timeout=30).rstrip("/") + "/"
        except Empty:
            self.end()
            pytest.fail(f"serve tells no address: {''.join(self.told + self.errors)}")

    def interrupt(self) -> float:
        """Press Ctrl-C; return how long the end took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        took = time.monotonic() - begun
        self.end()
        return took

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        for reader in self._readers:
            reader.join(10)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
