"""Files are decoded as programs save them; what could be two encodings is refused."""

from __future__ import annotations

import pytest

from generator.charsets import UTF8, UTF8_MARKED, UTF16, WINDOWS, Decoded, Undecodable, decode, text_of

TEXT = "park,note\nNorth,£5 – “café”\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), UTF8),
        (TEXT.encode("utf-8-sig"), UTF8_MARKED),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), UTF16),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), UTF16),
        (TEXT.encode("cp1252"), WINDOWS),
    ],
    ids=[UTF8, UTF8_MARKED, "UTF-16 from the small end", "UTF-16 from the big end", WINDOWS],
)
def test_text_is_the_same_in_every_encoding(data: bytes, encoding: str) -> None:
    assert decode(data) == Decoded(TEXT, encoding)
    assert text_of(data) == TEXT


@pytest.mark.parametrize(
    ("data", "message", "offset"),
    [
        (b"PK\x03\x04\x14\0", "the file of a spreadsheet program", 0),
        (b"\xd0\xcf\x11\xe0\xa1", "the file of a spreadsheet program", 0),
        (b"\xff\xfea", "begins as UTF-16", 0),
        ("park".encode("utf-16-le"), "without a byte-order mark", 0),
        (b"a,b\n\x81", "neither UTF-8 nor Windows-1252", 4),
        (b"\xef\xbb\xbfcaf\xe9", "one part of this file is UTF-8", 6),
        ("é".encode() + b",\xe9", "one part of this file is UTF-8", 3),
    ],
)
def test_what_is_no_text_of_one_encoding_is_refused(data: bytes, message: str, offset: int) -> None:
    found = decode(data)
    assert isinstance(found, Undecodable)
    assert message in found.message
    assert "CSV UTF-8" in found.hint
    assert found.offset >= offset
    assert isinstance(text_of(data), str)


def test_nothing_is_text_without_a_character() -> None:
    assert decode(b"") == Decoded("", UTF8)
