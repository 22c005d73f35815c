"""The preview answers browsers on this machine, over real HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from generator import server as server_module
from generator.headers import PICTURE_STYLE, SECURITY_HEADERS
from generator.paths import OutputPath
from generator.served import Preview, ProblemView
from generator.server import Server, application

HOME = b"<!doctype html><title>Home</title><body><h1>Home</h1></body>"
PAGE = b"<!doctype html><title>Spend</title><body><h1>Spend</h1></BODY></html>"
LOST = b"<!doctype html><title>Lost</title><body><h1>Not here</h1></body>"
FILES: Mapping[OutputPath, bytes] = {
    OutputPath(name): data
    for name, data in {
        "index.html": HOME,
        "spend/index.html": PAGE,
        "404.html": LOST,
        "data/spend.csv": b"year,amount\r\n2024,1\r\n",
        "assets/site.css": b"body{}",
        "assets/sans.woff2": b"wOF2",
        "assets/chart.svg": b"<svg/>",
        "assets/search.js": b"'use strict'",
        "_headers": b"/*\n  X: y\n",
    }.items()
}
PROBLEM = ProblemView(
    "content/spend.md:3:4",
    "error",
    "unknown-column",
    "spend.csv has no column 'amout' </script><b>",
    "  3 | y: amout\n    |    ^^^^^",
    "did you mean 'amount'?",
)
SCRIPT = '<script src="/__transparency/reload.js" defer data-epoch="{}"></script>\n'


@contextmanager
def running(server: Server) -> Iterator[Server]:
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(lambda url: ready.set(),))
    thread.start()
    assert ready.wait(5)
    try:
        yield server
    finally:
        server.stop()
        thread.join(5)
        assert not thread.is_alive()


@pytest.fixture
def preview() -> Preview:
    preview = Preview(first_epoch=100)
    preview.publish(FILES)
    return preview


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a server of a build that stays the same."""
    preview = Preview(first_epoch=100)
    preview.publish(FILES)
    with running(Server(preview, 0)) as server:
        yield server


@pytest.fixture
def live(preview: Preview) -> Iterator[Server]:
    """Return a server for a test that publishes."""
    with running(Server(preview, 0)) as server:
        yield server


class Answer:
    """What came back for one request."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.type = response.headers["Content-Type"]


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    """Send the path as it is written, without the tidying that browsers do."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        return Answer(connection.getresponse())
    finally:
        connection.close()


class Stream:
    """An open event stream, read as a browser does."""

    def __init__(self, server: Server, epoch: int = 0, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        self.connection.request("GET", f"/__transparency/events?epoch={epoch}", headers=headers)
        self.response = self.connection.getresponse()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def next(self) -> dict[str, Any]:
        while True:
            line = self.response.readline()
            assert line, "the stream has ended"
            if line.startswith(b"data: "):
                return dict(json.loads(line.removeprefix(b"data: ")))


def test_page_is_served_with_the_reload_line_before_the_end_of_the_body(server: Server) -> None:
    answer = ask(server, "/spend/")

    assert answer.status == 200
    assert answer.type == "text/html; charset=utf-8"
    assert answer.body == PAGE.replace(b"</BODY>", SCRIPT.format(101).encode() + b"</BODY>")


def test_published_bytes_do_not_hold_the_reload_line(preview: Preview, live: Server) -> None:
    ask(live, "/spend/")
    assert preview.served.files == FILES


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/spend.csv", "text/csv; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/chart.svg", "image/svg+xml"),
        ("/assets/sans.woff2", "font/woff2"),
        ("/assets/search.js", "text/javascript; charset=utf-8"),
    ],
)
def test_other_files_are_served_as_they_are_with_their_type(server: Server, path: str, kind: str) -> None:
    answer = ask(server, path)
    assert (answer.status, answer.type, answer.body) == (200, kind, FILES[OutputPath(path[1:])])


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/data/spend.csv", "/__transparency/reload.js", "/spend"])
def test_every_answer_has_the_security_headers_and_is_never_stored(server: Server, path: str) -> None:
    answer = ask(server, path)
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_policy_is_the_strict_one(server: Server) -> None:
    assert ask(server, "/").headers["Content-Security-Policy"] == (
        f"default-src 'none'; script-src 'self'; style-src 'self' '{PICTURE_STYLE}'; img-src 'self'; "
        "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_scoped_headers_stand_in_place_of_the_common_ones(preview: Preview) -> None:
    app = application(preview, scoped={"/spend/": {"Content-Security-Policy": "default-src 'self'"}})
    with running(Server(preview, 0, app=app)) as server:
        assert ask(server, "/spend/").headers.get_all("Content-Security-Policy") == ["default-src 'self'"]
        assert ask(server, "/").headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/", "/spend/nowhere.html", "/assets/", "/_headers"])
def test_missing_page_is_the_own_404_page_with_status_404_and_reloads(server: Server, path: str) -> None:
    answer = ask(server, path)
    assert (answer.status, answer.type) == (404, "text/html; charset=utf-8")
    assert b"Not here" in answer.body
    assert b'data-epoch="101" data-missing></script>' in answer.body


def test_folder_without_slash_leads_to_the_folder(server: Server) -> None:
    answer = ask(server, "/spend?year=2024&x=%26")
    assert (answer.status, answer.headers["Location"]) == (308, "/spend/?year=2024&x=%26")


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/spend/../../pyproject.toml",
        "/..%2fpyproject.toml",
        "/..%5cpyproject.toml",
        "//etc/passwd",
        "/spend/..%00/index.html",
        "/%ff%fe",
        "/__transparency/../server.py",
        "/__transparency/%2e%2e%2fserver.py",
        "//example.org/spend",
        "http://example.org/spend",
    ],
)
def test_no_address_leaves_the_build(server: Server, path: str) -> None:
    answer = ask(server, path, Host=f"localhost:{server.port}")
    assert answer.status == 404
    assert "Location" not in answer.headers
    assert b"root:" not in answer.body
    assert b"import" not in answer.body


@pytest.mark.parametrize("host", ["localhost:{}", "127.0.0.1:{}", "[::1]:{}", "LOCALHOST:{}"])
def test_names_of_this_machine_are_answered(server: Server, host: str) -> None:
    assert ask(server, "/", Host=host.format(server.port)).status == 200


@pytest.mark.parametrize(
    "host",
    ["example.org", "example.org:{}", "localhost", "localhost:1", "127.0.0.1.example.org:{}", "localhost:{}@x", ""],
)
@pytest.mark.parametrize("path", ["/", "/__transparency/events", "/__transparency/reload.js"])
def test_other_names_are_refused(server: Server, host: str, path: str) -> None:
    """A page of another site can give its own name our address and read what is not published yet."""
    answer = ask(server, path, Host=host.format(server.port))
    assert answer.status == 421
    assert b"Home" not in answer.body


@pytest.mark.parametrize("origin", ["http://example.org", "null", "https://localhost:{}", "http://localhost:1"])
def test_event_stream_is_refused_to_pages_of_other_origins(server: Server, origin: str) -> None:
    assert ask(server, "/__transparency/events", Origin=origin.format(server.port)).status == 403


def test_event_stream_is_given_to_pages_of_the_preview(server: Server) -> None:
    with Stream(server, Origin=f"http://localhost:{server.port}") as stream:
        assert stream.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert stream.next()["epoch"] == 101


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/__transparency/events"])
def test_only_reading_is_allowed(server: Server, method: str, path: str) -> None:
    answer = ask(server, path, method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/data/spend.csv", "/__transparency/events"])
def test_head_has_the_headers_of_get_and_no_body_and_ends(server: Server, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=2)
    connection.request("HEAD", path)
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")

    connection.request("GET", "/")  # on the same connection, which an endless answer would block
    assert connection.getresponse().read().startswith(HOME[:20])
    connection.close()


def test_request_without_a_host_is_refused(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert raw.recv(1000).startswith(b"HTTP/1.1 421")


@pytest.mark.parametrize("size", [20_000, 60_000])
@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("GET /{much} HTTP/1.1\r\nHost: {host}\r\n\r\n", b"414"),
        ("GET /?{much} HTTP/1.1\r\nHost: {host}\r\n\r\n", b"414"),
        ("GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {much}\r\n\r\n", b"431"),
        ("GET / HTTP/1.1\r\nHost: {host}\r\n{many}\r\n", b"431"),
    ],
    ids=["address", "query", "header", "headers"],
)
def test_oversize_request_is_refused_and_the_preview_lives_on(
    server: Server, form: str, status: bytes, size: int
) -> None:
    text = form.format(host=f"localhost:{server.port}", much="a" * size, many="X-A: a\r\n" * (size // 4))
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(text.encode())
        assert raw.recv(1000).split(b" ")[1] in {status, b"400"}  # 400 where it came in several parts
    assert ask(server, "/").status == 200


def test_endless_headers_are_cut_off(server: Server) -> None:
    """Nothing may make the preview hold more and more of what it is sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw, suppress(ConnectionError):
        raw.sendall(b"GET / HTTP/1.1\r\nX-A: ")
        for _ in range(2_000):
            raw.sendall(b"a" * 10_000)
        pytest.fail("20 MB of headers were taken")
    assert ask(server, "/").status == 200


def test_long_address_that_fits_is_a_page_that_is_not_there(server: Server) -> None:
    assert ask(server, "/" + "a" * 7_000).status == 404


def test_body_of_a_request_is_not_waited_for(server: Server) -> None:
    for method, status in (("GET", 200), ("POST", 405)):
        assert ask(server, "/", method, **{"Content-Length": "1000000000000"}).status == status
    assert ask(server, "/").status == 200


def test_open_pages_hear_of_an_update_that_waits_and_its_page_of_whatever_it_rests_on(
    preview: Preview, live: Server
) -> None:
    address = "/__transparency/review/"
    with Stream(live, epoch=101) as stream:
        assert stream.next()["review"] == ""
        for review, changed in (("one", [address]), ("other", [address]), ("", [address])):
            preview.publish(FILES, review=review)
            said = stream.next()
            assert (said["review"], said["changed"]) == (address if review else "", changed)
        preview.publish({}, (PROBLEM,), failed=True)
        assert stream.next()["changed"] == []


def test_review_page_of_another_run_of_the_server_is_loaded_anew_though_nothing_waits(server: Server) -> None:
    with Stream(server, epoch=5) as stream:
        assert "/__transparency/review/" in stream.next()["changed"]


def test_page_of_an_older_epoch_hears_what_changed_since(preview: Preview, live: Server) -> None:
    with Stream(live, epoch=101) as stream:
        assert stream.next() == {
            "epoch": 101, "failed": False, "changed": [], "review": "", "problems": [],
        }  # fmt: skip

        preview.publish({**FILES, OutputPath("spend/index.html"): PAGE + b"2", OutputPath("new/index.html"): PAGE})
        assert stream.next() == {
            "epoch": 102,
            "failed": False,
            "changed": ["/new/", "/spend/"],
            "review": "",
            "problems": [],
        }

        preview.publish(FILES)
        assert stream.next()["changed"] == ["/new/", "/spend/"]

    with Stream(live, epoch=101) as late:
        assert late.next()["changed"] == ["/new/", "/spend/"]
    with Stream(live, epoch=101, **{"Last-Event-ID": "103"}) as again:
        assert again.next()["changed"] == []


@pytest.mark.parametrize("epoch", [5, 10**15])
def test_page_of_another_run_of_the_server_hears_that_all_changed(server: Server, epoch: int) -> None:
    with Stream(server, epoch=epoch) as stream:
        assert {"/", "/spend/", "/404.html"} <= set(stream.next()["changed"])


def test_epochs_of_a_later_run_are_greater() -> None:
    former = Preview()
    for number in range(5):
        former.publish({OutputPath("index.html"): b"%d" % number})
    time.sleep(0.02)
    assert Preview().served.epoch > former.served.epoch


def test_page_that_slept_through_two_builds_hears_of_both(preview: Preview, live: Server) -> None:
    preview.publish({**FILES, OutputPath("a/index.html"): PAGE})
    preview.publish({**FILES, OutputPath("a/index.html"): PAGE, OutputPath("b/index.html"): PAGE})
    with Stream(live, epoch=101) as stream:
        assert stream.next()["changed"] == ["/a/", "/b/"]


def test_same_build_again_is_no_news(preview: Preview) -> None:
    assert preview.publish(dict(FILES)) == 101
    assert preview.publish({**FILES, OutputPath("a"): b""}) == 102


def test_failed_build_keeps_the_last_good_files_and_tells_its_problems(preview: Preview, live: Server) -> None:
    with Stream(live, epoch=101) as stream:
        stream.next()
        preview.publish({OutputPath("index.html"): b"half"}, (PROBLEM,), failed=True)
        news = stream.next()
        assert (news["epoch"], news["failed"], news["changed"]) == (102, True, [])
        assert news["problems"] == [
            {
                "place": "content/spend.md:3:4",
                "severity": "error",
                "code": "unknown-column",
                "message": "spend.csv has no column 'amout' </script><b>",
                "excerpt": "  3 | y: amout\n    |    ^^^^^",
                "hint": "did you mean 'amount'?",
                "link": "",
            }
        ]
        assert b"<h1>Home</h1>" in ask(live, "/").body
        assert ask(live, "/spend/").status == 200

        preview.publish(FILES)
        assert stream.next() == {"epoch": 103, "failed": False, "changed": [], "review": "", "problems": []}


def test_page_opened_after_a_failed_build_hears_of_it_at_once(preview: Preview, live: Server) -> None:
    preview.publish({}, (PROBLEM,), failed=True)
    with Stream(live, epoch=102) as stream:
        assert [problem["code"] for problem in stream.next()["problems"]] == ["unknown-column"]


def test_site_whose_first_build_failed_says_so_and_reloads() -> None:
    preview = Preview(first_epoch=0)
    preview.publish({}, (PROBLEM,), failed=True)
    with running(Server(preview, 0)) as server:
        answer = ask(server, "/spend/")
        assert answer.status == 503
        assert b"not built yet" in answer.body
        assert b'data-epoch="1" data-missing></script>' in answer.body


def test_request_waits_for_the_running_build(preview: Preview, live: Server) -> None:
    preview.rebuilding()
    timer = threading.Timer(0.3, preview.publish, ({OutputPath("index.html"): b"<p>new"},))
    timer.start()
    begun = time.monotonic()

    assert b"<p>new" in ask(live, "/").body

    assert time.monotonic() - begun > 0.25
    timer.join()


def test_request_does_not_wait_for_ever(preview: Preview, live: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Preview.settled, "__defaults__", (0.2,))
    preview.rebuilding()
    assert b"<h1>Home</h1>" in ask(live, "/").body


@pytest.mark.parametrize("base_path", ["/council/", "council", "/council"])
def test_site_below_a_folder_is_served_there_only(preview: Preview, base_path: str) -> None:
    with running(Server(preview, 0, app=application(preview, SECURITY_HEADERS, base_path))) as server:
        assert ask(server, "/council/spend/").status == 200
        assert ask(server, "/spend/").status == 404
        assert ask(server, "/").headers["Location"] == "/council/"
        assert ask(server, "/council").headers["Location"] == "/council/"
        assert ask(server, "/council/spend").headers["Location"] == "/council/spend/"
        with Stream(server, epoch=100) as stream:
            assert "/council/spend/" in stream.next()["changed"]


def test_scripts_and_styles_of_the_preview_are_served_and_obey_the_policy(server: Server) -> None:
    script = ask(server, "/__transparency/reload.js")
    style = ask(server, "/__transparency/overlay.css")

    assert (script.status, script.type) == (200, "text/javascript; charset=utf-8")
    assert (style.status, style.type) == (200, "text/css; charset=utf-8")
    for unsafe in (
        b"innerHTML",
        b"outerHTML",
        b"insertAdjacentHTML",
        b"document.write",
        b"eval(",
        b".style.",
        b"cssText",
    ):
        assert unsafe not in script.body
    assert b"alertdialog" in script.body
    assert b"prefers-color-scheme: dark" in style.body


def test_sixty_idle_connections_do_not_block_a_page(server: Server) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(60)]
    begun = time.monotonic()
    assert ask(server, "/").status == 200
    assert time.monotonic() - begun < 2
    for connection in idle:
        connection.close()


def test_closed_streams_are_forgotten(preview: Preview, live: Server) -> None:
    for _ in range(5):
        with Stream(live) as stream:
            stream.next()
    deadline = time.monotonic() + 5
    while preview._listeners and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not preview._listeners


def test_only_this_machine_is_listened_to(server: Server) -> None:
    assert server._socket.getsockname()[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.port}"


def test_taken_port_is_left_for_another_one(preview: Preview) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with running(Server(preview, taken)) as server:
            assert server.port != taken
            assert ask(server, "/").status == 200


def test_two_previews_have_two_ports(preview: Preview, server: Server) -> None:
    with running(Server(preview, server.port)) as second:
        assert second.port != server.port


def test_last_port_is_followed_by_any_free_one() -> None:
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 65535))
            other.listen()
        except OSError:
            pytest.skip("somebody else has port 65535")
        with server_module.listen(65535) as found:
            assert 0 < found.getsockname()[1] < 65535


def test_stop_ends_open_event_streams_within_two_seconds(preview: Preview) -> None:
    with running(Server(preview, 0)) as server:
        streams = [Stream(server) for _ in range(3)]
        for stream in streams:
            stream.next()
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
    for stream in streams:
        assert stream.response.read().strip() == b""  # the end, not a broken connection
        stream.close()


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_preview_within_two_seconds_without_a_traceback(number: signal.Signals) -> None:
    script = """
from generator.served import Preview
from generator.server import Server
preview = Preview()
preview.publish({"index.html": b"<p>Home"})
Server(preview, 0).run(lambda url: print(url, flush=True))
print("ended", flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(server_module.__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/__transparency/events")
    response = connection.getresponse()
    assert response.readline().startswith(b"retry")

    begun = time.monotonic()
    process.send_signal(number)
    told, errors = process.communicate(timeout=10)

    assert time.monotonic() - begun < 2
    assert (process.returncode, told, errors) == (0, "ended\n", "")
    response.close()
    connection.close()
