"""Start the program anew when its own files have changed, for those who work on it in a checkout.

It starts anew only where all that has changed can be read as Python and imported; what is half written must not end a
preview.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

INSTALLED = frozenset({"site-packages", "dist-packages"})
KINDS = frozenset({".py", ".js", ".css", ".html"})
"""The ends of the names of what the program consists of."""


class Program:
    """The files of the running program, as they were when it began."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._began = _read(folder)

    def changed(self) -> dict[Path, bytes]:
        """Return the files that are new or others now; a removed one is empty."""
        now = _read(self.folder)
        names = sorted(now.keys() | self._began.keys())
        return {name: now.get(name, b"") for name in names if now.get(name) != self._began.get(name)}


def program() -> Program | None:
    """Return the running program if it can be changed and started anew: from a checkout, not as it was installed."""
    folder = Path(__file__).parent
    return None if os.name != "posix" or not INSTALLED.isdisjoint(folder.parts) else Program(folder)


def _read(folder: Path) -> dict[Path, bytes]:
    found = {}
    for place in folder.rglob("*"):
        if place.suffix in KINDS and not place.name.startswith("."):
            with suppress(OSError):  # gone this moment, or not for us
                found[place] = place.read_bytes()
    return found


def refusal(changed: dict[Path, bytes]) -> str:
    r"""Return where and why the first of the *changed* files cannot be read as Python, or nothing.

    What can be read may still not start; see `failure`.

    >>> refusal({Path("a.py"): b"a = 1", Path("b.py"): b"a = 1\nb = (", Path("c.css"): b"("})
    "b.py:2: '(' was never closed"
    """
    for place, data in changed.items():
        if place.suffix == ".py":
            try:
                compile(data, place.name, "exec", dont_inherit=True)
            except SyntaxError as error:
                return f"{place.name}:{error.lineno}: {error.msg}"
            except ValueError as error:  # a null byte
                return f"{place.name}: {error}"
    return ""


def failure() -> str:
    """Try in a process of its own whether the program can start; return the last words of what it says if not."""
    command = [sys.executable, "-c", "import generator.cli, generator.serving"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired:
        return "it does not start"
    return (tried.stderr.strip().splitlines() or ["it does not start"])[-1] if tried.returncode else ""


def restart(port: int) -> NoReturn:
    """Begin the program that serves anew in this process, with the same words, at the same *port*."""
    words = sys.orig_argv[1:]
    if words[-2:-1] == ["--port"]:
        words = words[:-2]
    os.execv(sys.executable, [sys.executable, *words, "--port", str(port)])  # noqa: S606 - the command that runs already
