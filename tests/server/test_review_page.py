"""The preview shows an update that waits, as `transparency review` prints it, and writes nothing."""

from __future__ import annotations

import html
import http.client
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.headers import CONTENT_SECURITY_POLICY
from tests.cli.test_handbook import QUARTER, ROWS
from tests.command import run, tree, write_project
from tests.serving import Serving
from tests.workbook import xlsx

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")

ADDRESS = "/__transparency/review/"
PAPER = ("receive", "parks.xlsx", "--paper", "parks-2024-06", "--title", "Parks", "--date", "2024-06-06",
         "--description", "Visits.")  # fmt: skip
TABLE = ("import", "parks.xlsx", "--dataset", "parks", "--paper", "parks-2024-06", "--period", "Quarter 1 2024/25",
         "--columns", "park=Park, visits=Visits this quarter")  # fmt: skip
TODAY = ("--today", "2024-06-10")
WAITS = "An update waits; what it changes is at "


class Editor:
    """Somebody with a terminal and a browser."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.serving = Serving(root, *TODAY, "--editor-url", "vscode://file/{path}:{line}")
        self.host = self.serving.url().removeprefix("http://").rstrip("/")
        self.stream = http.client.HTTPConnection(self.host, timeout=20)
        self.stream.request("GET", "/__transparency/events")
        self.events = self.stream.getresponse()
        self.changed()

    def do(self, *words: str) -> str:
        """Run a command; return what it prints."""
        return run(*words, cwd=self.root).stdout

    def get(self, path: str = ADDRESS) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def read(self) -> str:
        """Return the words of the page, as a browser shows them."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", "", self.get()[1])).split())

    def changed(self) -> list[str]:
        """Return the addresses that the next message to open pages says are other ones."""
        while line := self.events.readline():
            if line.startswith(b"data: "):
                return list(json.loads(line.removeprefix(b"data: "))["changed"])
        pytest.fail("the stream has ended")


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    root = write_project(tmp_path, QUARTER)
    (root / "parks.xlsx").write_bytes(xlsx({"Quarter 1": [*ROWS, ["North", 1310.0], ["South", 9050.0]]}))
    assert run(*PAPER, cwd=root).returncode == 0
    editor = Editor(root)
    yield editor
    editor.stream.close()
    editor.serving.end()


def shown_of(printed: str) -> list[str]:
    """Return what the command says of each matter: its name, its message, its place and what to do."""
    lines = [re.sub(r"^(\[\w+\]|at:|hint:) ", "", line.strip()) for line in printed.splitlines()]
    return [line for line in lines if line and not line.startswith("To accept one")]


def test_page_shows_what_the_command_prints_until_the_update_is_decided(editor: Editor) -> None:
    assert "No update waits" in editor.read()
    editor.get("/parks/")
    assert WAITS not in "".join(editor.serving.told)

    assert "2 rows" in editor.do(*TABLE)
    assert ADDRESS in editor.changed()
    editor.serving.wait_for(lambda said: f"{WAITS}http://{editor.host}{ADDRESS}\n" in said)
    printed = editor.do("review", *TODAY)
    before = tree(editor.root)
    answer, page = editor.get()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "<script" not in page.replace('<script src="/__transparency/reload.js"', "", 1)
    words = editor.read()
    assert "South: 860 before, 9,050 now: about 11 times as much" in printed
    missing = [line for line in shown_of(printed) if line.rstrip(".") not in words and "(1)" not in line]
    assert missing == []
    assert "transparency review --accept NAME --because 'Why.'" in words
    place = f"vscode://file{editor.root.resolve().as_posix()}/content/parks.md:6"
    assert f'<a href="{place}">content/parks.md:6:1</a>' in page
    assert "At content/data/parks.csv:5:1; parks.xlsx, sheet Quarter 1, cell B5" in words
    assert "parks.csv:5:1</a>" not in page, "the row is not in the file yet"
    assert tree(editor.root) == before

    editor.do("review", "--accept", "jump/*", "--because", "A <b>fair</b> & more.", *TODAY)
    assert ADDRESS in editor.changed()
    assert "Accepted because: A &lt;b&gt;fair&lt;/b&gt; &amp; more." in editor.get()[1]
    assert "1 to mend, 0 to decide, 1 decided" in editor.read()

    parks = editor.root / "content" / "parks.md"
    parks.write_text(parks.read_text("utf-8").replace("The north had", "The <i>north</i> saw"), "utf-8")
    assert ADDRESS in editor.changed()
    assert "1,200 before, 1,310 now: “The <i>north</i> saw 1,310 visits.”" in html.unescape(editor.get()[1])
    assert "<i>" not in editor.get()[1]

    editor.do("review", "--reread", "content/parks.md", *TODAY)
    editor.serving.wait_for(lambda said: said.count("parks.md: ") == 2)
    assert "Nothing is open." in editor.read()
    assert "transparency review --finish" in editor.read()

    editor.do("review", "--drop", *TODAY)
    editor.serving.wait_for(lambda said: said.count(".update.json: ") == 2)
    assert "No update waits" in editor.read()
    (editor.root / ".update.json").write_text("{", "utf-8")
    editor.serving.wait_for(lambda said: "The file of an update is damaged; what to do is at " in said)
    assert "transparency review --drop" in editor.read()
    assert editor.get(ADDRESS.rstrip("/"))[0].headers["Location"] == ADDRESS
    assert "Traceback" not in "".join(editor.serving.errors)
