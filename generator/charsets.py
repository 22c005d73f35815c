"""Decode a text file as editors' programs save it, and say which encoding it was.

UTF-8 is the plain form.  A byte-order mark, UTF-16 that begins with one, and Windows-1252 are read too; what could be
two encodings, or is no text at all, is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

UTF8, UTF8_MARKED, UTF16, WINDOWS = "UTF-8", "UTF-8 with a byte-order mark", "UTF-16", "Windows-1252"
_MARK, _UTF8_MARK, _UTF16_MARKS = "\ufeff", b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheet programs begin, the newer ones and the older."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and the encoding that it was saved in."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why a file cannot be read as text, what to do, and the first byte that tells so."""

    message: str
    hint: str
    offset: int = 0


def decode(data: bytes) -> Decoded | Undecodable:
    r"""Read *data* as text.

    >>> decode("£5".encode("utf-16")).encoding, decode("£5".encode("cp1252")).encoding, decode("£5".encode()).encoding
    ('UTF-16', 'Windows-1252', 'UTF-8')
    >>> decode(b"caf\xe9 \xc3\xa9").message
    'one part of this file is UTF-8 and another is not'
    """
    again = "save it again as 'CSV UTF-8'"
    if data.startswith(_WORKBOOKS):
        return Undecodable("this is the file of a spreadsheet program, not CSV", again)
    if data.startswith(_UTF16_MARKS):
        try:
            return Decoded(data.decode("utf-16").lstrip(_MARK), UTF16)
        except UnicodeDecodeError as error:
            return Undecodable("this file begins as UTF-16 and does not go on so", again, error.start)
    if data.count(0) * 4 > len(data):
        return Undecodable("this file is UTF-16 without a byte-order mark, or no text", again)
    try:
        return Decoded(data.decode().lstrip(_MARK), UTF8_MARKED if data.startswith(_UTF8_MARK) else UTF8)
    except UnicodeDecodeError as error:
        offset = error.start
    if not data.decode("utf-8", errors="ignore").isascii():
        return Undecodable("one part of this file is UTF-8 and another is not", again, offset)
    try:
        return Decoded(data.decode("cp1252"), WINDOWS)
    except UnicodeDecodeError as error:
        return Undecodable("this file is neither UTF-8 nor Windows-1252", again, error.start)


def text_of(data: bytes) -> str:
    """Return *data* as text to quote lines from, whatever it is."""
    found = decode(data)
    return found.text if isinstance(found, Decoded) else data.decode(errors="replace").lstrip(_MARK)
