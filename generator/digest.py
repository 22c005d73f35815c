"""Name bytes by their content: one hash function for the project itself, and the one that readers know for files."""

from __future__ import annotations

import hashlib
import json
from typing import NewType

Digest = NewType("Digest", str)


def digest(*parts: bytes | str) -> Digest:
    """Return a short hexadecimal name of *parts*; their boundaries count.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return Digest(state.hexdigest())


def checksum(data: bytes) -> str:
    """Return the SHA-256 of a published file, which readers can compute with programs of their own.

    >>> checksum(b"abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256(data).hexdigest()


def digest_of(value: object) -> Digest:
    """Return the digest of plain values (what JSON can write), independent of the order of keys."""
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))
