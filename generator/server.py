"""Preview the built site from memory on 127.0.0.1, with live reload and an error overlay.

Browsers are answered from what was published to a `Preview` and never from the disk, so that no address can leave the
site.  What the preview puts into a page is put in while serving: the files of a build are the same bytes here and on
the host.
"""

from __future__ import annotations

import asyncio
import errno
import json
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib.resources import files as package_files
from types import FrameType, MappingProxyType
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator.headers import SECURITY_HEADERS
from generator.paths import OutputPath
from generator.served import Preview, Served

LOOPBACK = "127.0.0.1"
OWN_URL = "/__transparency/"
REVIEW_URL = OWN_URL + "review/"
PULSE = 15.0  # seconds between signs of life on an event stream; they show the server that a browser has gone
LONGEST_ADDRESS, MOST_HEADERS = 8_000, 16_000  # bytes; no page of a site asks for more
NOT_PAGES = frozenset({"_headers", "_redirects"})  # read by the host, never served

CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "ico": "image/x-icon",
        "jpeg": "image/jpeg",
        "jpg": "image/jpeg",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json; charset=utf-8",
        "pdf": "application/pdf",
        "png": "image/png",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8",
        "wasm": "application/wasm",
        "webmanifest": "application/manifest+json",
        "webp": "image/webp",
        "woff2": "font/woff2",
        "xml": "application/xml; charset=utf-8",
    }
)
"""Ours and not the system's list, which differs from machine to machine."""

BARE_PAGE = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body>
</html>
"""


def application(
    preview: Preview,
    headers: Mapping[str, str] = SECURITY_HEADERS,
    base_path: str = "/",
    scoped: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    review_page: Callable[[], bytes] = lambda: b"",
) -> Starlette:
    """Return the web application that shows *preview* below *base_path*.

    *review_page* makes the page about the update that waits, whenever it is asked for.

    *scoped* gives headers for all addresses that start with a prefix, in place of those in *headers*: e.g. the page
    that searches needs a policy which lets it run WebAssembly.
    """
    own_files = {
        name: package_files("generator").joinpath("preview", name).read_bytes()
        for name in ("reload.js", "overlay.css", "review.css")
    }
    base_path = f"/{base_path.strip('/')}/".replace("//", "/")

    async def own_file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in own_files:
            return PlainTextResponse("not found", 404)
        return Response(own_files[name], media_type=content_type(name))

    async def review(request: Request) -> Response:
        served = await preview.settled()
        data = await run_in_threadpool(review_page)
        return Response(with_reload(data, served.epoch), media_type=CONTENT_TYPES["html"])

    async def events(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.removeprefix("http://") not in _own_hosts(request.scope):
            return PlainTextResponse("events are for pages of this preview only", 403)
        if request.method == "HEAD":  # a stream would never end
            return Response(media_type="text/event-stream")
        since = request.headers.get("last-event-id") or request.query_params.get("epoch", "0")
        seen = int(since) if since.isdecimal() and len(since) < 20 else 0
        return StreamingResponse(_messages(preview, seen, base_path), media_type="text/event-stream")

    async def page(request: Request) -> Response:
        return answer(await preview.settled(), request.scope["path"], request.url.query, base_path)

    return Starlette(
        routes=[
            Route(OWN_URL + "events", events),
            Route(REVIEW_URL, review),
            Route(REVIEW_URL.rstrip("/"), lambda request: RedirectResponse(REVIEW_URL, 308)),
            Route(OWN_URL + "{name}", own_file),
            Route("/{anything:path}", page),
        ],
        middleware=[Middleware(Guard, headers=headers, scoped=scoped)],
    )


def answer(served: Served, path: str, query: str = "", base_path: str = "/") -> Response:
    """Answer a request for one address of the site, as a static host would."""
    if not path.startswith(base_path):
        if path in {"/", base_path.rstrip("/")}:
            return Response(status_code=307, headers={"Location": base_path})
        return _instead(served)
    name = OutputPath(path.removeprefix(base_path))
    if not name or name.endswith("/"):
        name = OutputPath(name + "index.html")
    if OutputPath(f"{name}/index.html") in served.files:
        address = quote(f"{base_path}{name}/") + (f"?{query}" if query else "")
        return Response(status_code=308, headers={"Location": address})
    data = served.files.get(name)
    if data is None or name in NOT_PAGES:
        return _instead(served)
    kind = content_type(name)
    return Response(with_reload(data, served.epoch) if kind.startswith("text/html") else data, media_type=kind)


def _instead(served: Served) -> Response:
    """Return the page that stands in for one that is not there."""
    if served.files:
        status, title, text = 404, "Page not found", "The site has no page at this address."
    else:
        status, title, text = 503, "The site is not built yet", "This page reloads as soon as a build succeeds."
    bare = BARE_PAGE.format(title=title, text=text).encode()
    data = with_reload(served.files.get(OutputPath("404.html"), bare), served.epoch, missing=True)
    return Response(data, status, media_type=CONTENT_TYPES["html"])


def with_reload(html: bytes, epoch: int, *, missing: bool = False) -> bytes:
    r"""Return a page with the line that makes it reload; *missing* where it stands in for a page that is not there.

    >>> with_reload(b"<body>Hello</body>", 7)
    b'<body>Hello<script src="/__transparency/reload.js" defer data-epoch="7"></script>\n</body>'
    """
    mark = " data-missing" if missing else ""
    line = f'<script src="{OWN_URL}reload.js" defer data-epoch="{epoch}"{mark}></script>\n'.encode()
    end = html.lower().rfind(b"</body>")
    return html[:end] + line + html[end:] if end >= 0 else html + line


def content_type(name: str) -> str:
    """Return the media type for a file by the end of its name.

    >>> content_type("data/spend.csv"), content_type("CNAME")
    ('text/csv; charset=utf-8', 'application/octet-stream')
    """
    return CONTENT_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def message(served: Served, since: int, base_path: str = "/") -> dict[str, object]:
    """Return what a page that was served in epoch *since* has to know."""
    if since > served.epoch:  # the page is of another run of the server, and its clock was wrong
        since = 0
    changed = sorted(name for name, epoch in served.touched.items() if epoch > since)
    own = [REVIEW_URL] if served.reviewed > since else []
    return {
        "epoch": served.epoch,
        "failed": served.failed,
        "changed": [base_path + name.removesuffix("index.html") for name in changed] + own,
        "review": REVIEW_URL if served.review else "",
        "problems": [asdict(problem) for problem in served.problems],
    }


async def _messages(preview: Preview, seen: int, base_path: str) -> AsyncIterator[str]:
    """Yield a server-sent event for each epoch, the present one first."""
    sent = -1
    with preview.listening() as woken:
        yield "retry: 1000\n\n"
        while not preview.served.closed:
            woken.clear()
            served = preview.served
            if served.epoch != sent:
                data = json.dumps(message(served, seen, base_path), ensure_ascii=False)
                yield f"id: {served.epoch}\ndata: {data}\n\n"
                seen = sent = served.epoch
            try:
                await asyncio.wait_for(woken.wait(), PULSE)
            except TimeoutError:
                yield ": pulse\n\n"


class Guard:
    """Lets through only what a page of this preview would ask for, and puts the headers on every answer.

    A page elsewhere may point a name of its own at 127.0.0.1 (DNS rebinding) and read what an editor has not
    published; its requests carry that name as their host.
    """

    def __init__(
        self, app: ASGIApp, headers: Mapping[str, str], scoped: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    ) -> None:
        self.app, self.headers, self.scoped = app, headers, scoped

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        extra = {**self.headers, "Cache-Control": "no-store"}
        for prefix, values in self.scoped.items():
            if scope["path"].startswith(prefix):
                extra |= values

        async def send_guarded(part: Message) -> None:
            if part["type"] == "http.response.start":
                MutableHeaders(scope=part).update(extra)
            await send(part)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, receive, send_guarded)

    @staticmethod
    def _refusal(scope: Scope) -> Response | None:
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in _own_hosts(scope):
            return PlainTextResponse("this preview answers as localhost only", 421)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("only GET and HEAD", 405, headers={"Allow": "GET, HEAD"})
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return PlainTextResponse("this address is too long", 414)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            return PlainTextResponse("these headers are too long", 431)
        return None


def _own_hosts(scope: Scope) -> set[str]:
    """Return the names under which a browser on this machine knows the server."""
    port = scope["server"][1]
    names = ("localhost", LOOPBACK, "[::1]")
    return {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())


class Server:
    """Shows one preview on a port of this machine, the wanted one if it is free."""

    def __init__(self, preview: Preview, port: int = 8000, *, app: Starlette | None = None) -> None:
        self._preview = preview
        self._socket = listen(port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app or application(preview),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nobody stands in front of this server
            timeout_graceful_shutdown=1,
        )
        self._server = _Uvicorn(config, preview)

    @property
    def url(self) -> str:
        """Return the address to open, without the base path."""
        return f"http://{LOOPBACK}:{self.port}"

    def run(self, on_ready: Callable[[str], object] = lambda url: None) -> None:
        """Serve until Ctrl-C, a polite kill or `stop`; call *on_ready* with the address once browsers may come."""
        self._server.on_ready = lambda: on_ready(self.url)
        with suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Let `run` return soon; may be called from any thread."""
        self._server.should_exit = True


def listen(port: int, tries: int = 20) -> socket.socket:
    """Return a listening socket on this machine only: at *port*, one of the next, or any."""
    for candidate in (*range(port, min(port + tries, 65536)), 0):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform == "win32":  # where SO_REUSEADDR would take the port from another server
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((LOOPBACK, candidate))
            found.listen(128)
        except OSError as error:
            found.close()
            if candidate == 0 or error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
        else:
            return found
    raise AssertionError("port 0 is always free or raises")


class _Uvicorn(uvicorn.Server):
    """Ends event streams before it waits for them, and ends without a traceback."""

    def __init__(self, config: uvicorn.Config, preview: Preview) -> None:
        super().__init__(config)
        self._preview = preview
        self.on_ready: Callable[[], object] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._preview.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take Ctrl-C as a wish and not as an exception; uvicorn would raise it again at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGBREAK", signal.SIGINT)}  # the last on Windows
        former = {number: signal.signal(number, self._wish) for number in wanted}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _wish(self, number: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit  # the second time in earnest
        self.should_exit = True
