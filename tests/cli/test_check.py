"""What is wrong is told to people, to programs and to pull requests, once or after every change."""

from __future__ import annotations

import json
import queue
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.command import CHECKOUT, SMALL, arguments, environment, run, write_project

ROADS = SMALL["content/roads/index.md"]
LOST = {**SMALL, "content/roads/index.md": ROADS + "\n[Lost](/lost/)\n"}
MANY = {**SMALL, "content/roads/index.md": ROADS + "".join(f"\n[Lost](/lost-{n}/)\n" for n in range(6))}


def test_json_stands_alone_on_standard_output(tmp_path: Path) -> None:
    made = run("check", "--root", write_project(tmp_path, LOST), "--format", "json")
    assert made.returncode == 1
    found = json.loads(made.stdout)
    (problem,) = found["problems"]
    line = LOST["content/roads/index.md"].splitlines().index("[Lost](/lost/)") + 1
    assert (problem["path"], problem["line"], problem["column"]) == ("content/roads/index.md", line, 1)
    assert found["counts"]["error"] == 1
    assert "1 error in 2 pages" in made.stderr


def test_json_of_a_project_without_problems_is_an_empty_list(tmp_path: Path) -> None:
    made = run("check", "--root", write_project(tmp_path), "--format", "json")
    assert (made.returncode, json.loads(made.stdout)["problems"]) == (0, [])


def test_annotations_name_files_from_where_the_command_is_run(tmp_path: Path) -> None:
    write_project(tmp_path / "pages", LOST)
    made = run("check", "--root", "pages", "--format", "github", cwd=tmp_path)
    assert made.returncode == 1
    assert re.match(r"::error file=pages/content/roads/index\.md,line=\d+,col=1,title=[a-z-]+::", made.stdout)


def test_many_problems_are_counted_by_code_before_the_last_line(tmp_path: Path) -> None:
    made = run("check", "--root", write_project(tmp_path, MANY))
    assert made.returncode == 1
    counted, _, last = made.stderr.splitlines()[-3:]
    assert re.fullmatch(r"  6 × error\[[a-z-]+\] in 1 file", counted)
    assert last.startswith("6 errors in 2 pages")


@contextmanager
def watching(root: Path) -> Iterator[tuple[subprocess.Popen[str], queue.Queue[str]]]:
    """Run ``check --watch`` and hand over its lines as they come."""
    words = arguments("check", "--watch", "--root", root)
    process = subprocess.Popen(
        words, cwd=CHECKOUT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        # a shell that runs the tests in the background lets all that they start ignore Ctrl-C
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout
        with process.stdout:
            for line in process.stdout:
                lines.put(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait()
        reader.join()


def until(lines: queue.Queue[str], words: str) -> str:
    """Return all that is said up to the line with *words*."""
    said = ""
    while words not in said:
        said += lines.get(timeout=60)
    return said


def test_watch_checks_again_after_each_change_and_ends_quietly(tmp_path: Path) -> None:
    root = write_project(tmp_path, LOST)
    with watching(root) as (process, lines):
        first = until(lines, "Waiting for changes (Ctrl-C ends)\n")
        assert "1 error in 2 pages" in first
        write_project(root, {"content/roads/index.md": ROADS})
        assert "index.md: no problems in 2 pages" in until(lines, "index.md: ")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert lines.empty()
