"""Who works on the program sees the preview start anew with it, at the same address."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from generator.restarts import program
from tests.command import CHECKOUT, SMALL, write_project
from tests.serving import Serving

pytestmark = pytest.mark.skipif(program() is None, reason="this program cannot start anew")


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    copy = tmp_path / "checkout"
    for name in ("generator", "templates"):
        shutil.copytree(CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    plain = {name: text for name, text in SMALL.items() if not name.endswith("roads/index.md")}
    plain["content/site.yaml"] = plain["content/site.yaml"].replace("/roads/, ", "")
    plain["content/index.md"] = plain["content/index.md"].partition("```chart")[0]
    made = Serving(write_project(tmp_path / "project", plain), program=copy)
    yield made
    made.end()


def ask(host: str, path: str = "/") -> tuple[http.client.HTTPMessage, str]:
    """Return the headers and the text of an answer, of a stream its first message."""
    with closing(http.client.HTTPConnection(host, timeout=20)) as connection:
        connection.request("GET", path)
        with connection.getresponse() as answer:
            if answer.headers["Content-Type"] != "text/event-stream; charset=utf-8":
                return answer.headers, answer.read().decode()
            return answer.headers, next(line for line in answer if line.startswith(b"data: ")).decode()


def test_changed_program_starts_anew_at_the_same_address_once_it_can_be_read(serving: Serving, tmp_path: Path) -> None:
    host = serving.url().removeprefix("http://").rstrip("/")
    former = int(ask(host)[1].partition('data-epoch="')[2].partition('"')[0])
    place = tmp_path / "checkout" / "generator" / "headers.py"
    right = place.read_text("utf-8")
    pid = serving.process.pid

    place.with_name("notes.txt").write_text("no part of the program", "utf-8")
    place.write_text(right, "utf-8")
    place.write_text(right + "SECURITY_HEADERS = {\n", "utf-8")
    said = serving.wait_for(lambda said: "goes on as it was" in said)
    line = right.count("\n") + 1
    assert f"headers.py: the program goes on as it was, because of headers.py:{line}: '{{' was never closed\n" in said
    home = serving.root / "content" / "index.md"
    home.write_text(home.read_text("utf-8").replace("Roads are", "Streets are"), "utf-8")
    serving.wait_for(lambda said: "index.md: no problems" in said)
    headers, text = ask(host)
    assert "Streets are" in text
    assert headers["X-New"] is None

    place.write_text(right + "import generator.nothing\n", "utf-8")
    said = serving.wait_for(lambda said: said.count("goes on as it was") == 2)
    assert "because of ModuleNotFoundError: No module named 'generator.nothing'\n" in said

    place.write_text(right + 'SECURITY_HEADERS = {**SECURITY_HEADERS, "X-New": "yes"}\n', "utf-8")
    said = serving.wait_for(lambda said: said.count(f"The site is at http://{host} ") == 2)
    assert said.count("headers.py: the program has changed and starts anew\n") == 1
    headers, text = ask(host)
    assert headers["X-New"] == "yes"
    assert "Streets are" in text
    news = ask(host, f"/__transparency/events?epoch={former}")[1]
    assert "/" in json.loads(news.removeprefix("data: "))["changed"], "open pages load anew"
    assert serving.process.pid == pid
    assert serving.process.poll() is None
    assert serving.interrupt() < 2
    assert serving.process.returncode == 0
    assert "Traceback" not in "".join(serving.errors)
