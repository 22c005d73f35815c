"""What a paper or workbook says of itself: its kind, title and date, to be proposed when it is received."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass

MAX_META = 1_000_000
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})|(\d{4})-(\d{2})-(\d{2})")
_PDF = {"title": re.compile(rb"/Title\s*\(((?:[^()\\]|\\.){1,300})\)"),
        "date": re.compile(rb"/CreationDate\s*\(((?:[^()\\]|\\.){1,60})\)")}  # fmt: skip
_TAG = re.compile(r"<(?:\w+:)?(title|created|creation-date)[^>/]*>([^<]*)<")
_PARTS = ("docProps/core.xml", "meta.xml")
"""Where workbooks and documents of the two common families say their title: XLSX and DOCX, ODS and ODT."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself; empty where it says nothing."""

    title: str = ""
    date: str = ""
    """ISO date."""


def said_by(data: bytes) -> Said:
    """Read title and date from the properties of a PDF or workbook; they are proposals, often of the person typing.

    >>> said_by(b"%PDF-1.7 /Title (Quarter 1) /CreationDate (D:20240905101500Z)")
    Said(title='Quarter 1', date='2024-09-05')
    >>> said_by(b"a,b")
    Said(title='', date='')
    """
    if data.startswith(b"%PDF-"):
        texts = {key: _pdf_text(found[1]) if (found := form.search(data)) else "" for key, form in _PDF.items()}
        return Said(texts["title"].strip(), _iso(texts["date"]))
    if data.startswith(b"PK"):
        return _office(data)
    return Said()


def _pdf_text(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "ignore")
    return re.sub(rb"\\(.)", rb"\1", raw).decode("latin-1")


def _office(data: bytes) -> Said:
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in _PARTS if name in archive.namelist()]
            for name in names:
                if archive.getinfo(name).file_size > MAX_META:
                    continue
                text = archive.read(name)
                for tag, said in _TAG.findall(text.decode("utf-8", "ignore")):
                    found.setdefault(tag, html.unescape(said))
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError):
        return Said()
    return Said(found.get("title", "").strip(), _iso(found.get("created", "") or found.get("creation-date", "")))


def _iso(text: str) -> str:
    found = _DATE.search(text)
    return "-".join(part for part in found.groups() if part) if found else ""
