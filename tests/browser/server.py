"""A static host over real HTTP: it serves a built site with the security headers that the real host sends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.headers import SECURITY_HEADERS
from generator.server import content_type


@dataclass(frozen=True)
class Host:
    """A served site."""

    site: Path
    url: str
    """Its address with a slash at the end, e.g. ``http://127.0.0.1:4711/finance/``."""

    def pages(self, holding: str = "") -> list[str]:
        """Return the address of every page *holding* that text, relative to the site; home is an empty text.

        Pages that only lead on to where a page has moved are left out.
        """
        texts = {place: place.read_text(encoding="utf-8") for place in sorted(self.site.rglob("*.html"))}
        found = [place for place, text in texts.items() if holding in text and 'http-equiv="refresh"' not in text]
        return [place.relative_to(self.site).as_posix().removesuffix("index.html") for place in found]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, site: Path, prefix: str, *rest: object) -> None:
        self.site, self.prefix = site.resolve(), prefix
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        place = self._find(path)
        if place is not None and place.is_dir():
            self._answer(301, b"", "text/plain", {"Location": urlsplit(self.path).path + "/"})
        elif place is not None:
            self._answer(200, place.read_bytes(), content_type(place.name))
        elif (lost := self.site / "404.html").is_file() and path.startswith(self.prefix):
            self._answer(404, lost.read_bytes(), content_type(lost.name))
        else:
            self._answer(404, b"nothing here", "text/plain")

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def _find(self, path: str) -> Path | None:
        """Return the file for an address, or the folder whose address lacks its slash."""
        if not path.startswith(self.prefix):
            return None
        place = (self.site / path.removeprefix(self.prefix)).resolve()
        if path.endswith("/"):
            place /= "index.html"
        whole = place.is_file() or (place / "index.html").is_file()
        return place if whole and place.is_relative_to(self.site) else None

    def _answer(self, status: int, data: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        headers = {**SECURITY_HEADERS, "Content-Type": kind, "Content-Length": str(len(data)), **(extra or {})}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no error."""


@contextmanager
def serving(site: Path, prefix: str = "/") -> Iterator[Host]:
    """Serve *site* below *prefix* on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), partial(_Handler, site, prefix))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Host(site, f"http://127.0.0.1:{server.server_port}{prefix}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
