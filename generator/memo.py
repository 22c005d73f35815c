"""Remember results on disk by the digest of everything they were made from.

A damaged or missing entry is a miss, never an error.  Entries are written whole under their final name, so that a
second process or a kill in the middle does no harm.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator.digest import Digest, digest

LIMIT = 300_000_000
"""Bytes that a store may hold; a chart with its picture takes about 130,000."""


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of remembered texts; each file begins with the digest of what follows."""

    folder: Path

    def recall(self, key: Digest) -> str | None:
        """Return what was remembered under *key*, or `None`."""
        try:
            check, _, text = self._file(key).read_bytes().decode().partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return text if check == digest(text) else None

    def remember(self, key: Digest, text: str) -> None:
        """Keep *text* under *key*; a full or read-only disk only means that nothing is remembered."""
        file = self._file(key)
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(f"{digest(text)}\n{text}")
            os.replace(draft, file)

    def trim(self, most: int = LIMIT) -> None:
        """Remove the oldest entries until no more than *most* bytes are left."""
        found: list[tuple[float, int, Path]] = []
        for file in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):  # another process trims as well
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
        total = sum(size for _, size, _ in found)
        for _, size, file in sorted(found):
            if total <= most:
                break
            with contextlib.suppress(OSError):
                file.unlink()
            total -= size

    def _file(self, key: Digest) -> Path:
        return self.folder / key[:2] / key
