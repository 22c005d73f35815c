"""The command as people and hosts meet it: what it prints, how it ends, and what it leaves on the disk."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import cli
from tests.command import CHECKOUT, SMALL, arguments, environment, run, tree, write_project

CLOSING = re.compile(
    r"2 pages, (\d+) charts? drawn, (\d+) remembered, 1 dataset, \d+ checks?; "
    r"(\d+) files written, (\d+) unchanged, (\d+) removed; \d+\.\d s\n"
)
WARNED = {**SMALL, "content/site.yaml": SMALL["content/site.yaml"].replace("contact: help@small.example\n", "")}
BROKEN = {**SMALL, "content/index.md": SMALL["content/index.md"].replace("kind: bar", "kind: pie")}

Copier = Callable[..., Path]


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small project after its first build, with its charts remembered."""
    root = write_project(tmp_path_factory.mktemp("drawn"))
    made = run("build", "--root", root)
    assert made.returncode == 0, made.stderr
    return root


@pytest.fixture
def project(drawn: Path, tmp_path: Path) -> Copier:
    """Return a function that makes a project of *files* that need draw nothing anew."""

    def make(files: dict[str, str] = SMALL) -> Path:
        root = write_project(tmp_path / "project", files)
        for place in (drawn / ".cache").rglob("*"):
            if place.is_file():
                copy = root / place.relative_to(drawn)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(place.read_bytes())
        return root

    return make


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of each file below *folder*."""
    found = {}
    for place in sorted(folder.rglob("*")):
        if place.is_file():
            status = place.stat()
            found[place.relative_to(folder).as_posix()] = (status.st_ino, status.st_mtime_ns)
    return found


def canonical(root: Path) -> str:
    found = re.search(r'<link rel="canonical" href="([^"]*)">', (root / "site" / "index.html").read_text("utf-8"))
    assert found
    return found[1]


def test_build_prints_one_closing_line(tmp_path: Path) -> None:
    made = run("build", "--root", write_project(tmp_path))
    found = CLOSING.fullmatch(made.stdout)
    assert (made.returncode, made.stderr) == (0, "Drawing charts: 4\n")
    assert found, made.stdout
    files = len(tree(tmp_path / "site")) - 1  # the marker is not of the site
    assert list(map(int, found.groups())) == [4, 0, files, 0, 0]


def test_second_build_draws_nothing_and_rewrites_nothing(project: Copier) -> None:
    root = project()
    first = run("build", "--root", root)
    before = stamps(root / "site")
    second = run("build", "--root", root)
    found = CLOSING.fullmatch(second.stdout)
    assert first.returncode == second.returncode == 0
    assert found, second.stdout
    assert list(map(int, found.groups())) == [0, 4, 0, len(before) - 1, 0]
    assert second.stderr == ""
    assert stamps(root / "site") == before


def test_build_after_an_edit_rewrites_only_what_changed(project: Copier) -> None:
    root = project()
    run("build", "--root", root)
    before = stamps(root / "site")
    write_project(root, {"content/roads/index.md": SMALL["content/roads/index.md"].replace("## Two", "## Both")})
    made = run("build", "--root", root)
    after = stamps(root / "site")
    assert made.returncode == 0
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed - {".transparency"} == {"roads/index.html"}


def test_page_that_is_taken_out_leaves_the_site(project: Copier) -> None:
    files = {**SMALL, "content/parks.md": "---\ntitle: Parks\ndescription: " + "What the parks cost. " * 3 + "\n---\n"}
    root = project(files)
    run("build", "--root", root)
    assert (root / "site" / "parks" / "index.html").is_file()
    (root / "content" / "parks.md").unlink()
    made = run("build", "--root", root)
    assert "1 removed" in made.stdout
    assert not (root / "site" / "parks").exists()


def test_nothing_dear_is_loaded_when_nothing_is_to_be_drawn(project: Copier) -> None:
    words = arguments("build", "--root", project())
    made = subprocess.run(
        [words[0], "-X", "importtime", *words[1:]],
        env=environment(), cwd=CHECKOUT, capture_output=True, encoding="utf-8", timeout=100, check=True,
    )  # fmt: skip
    loaded = set(re.findall(r"\| +([\w.]+)$", made.stderr, re.MULTILINE))
    assert "jinja2" in loaded
    assert loaded & {"altair", "vl_convert", "uvicorn", "starlette", "watchdog", "pandas", "narwhals"} == set()


@pytest.mark.parametrize("mistake", ["kind: pie", "data: spendng", "x: amont", "y: service\nx: amount\nbroken"])
def test_errors_end_with_1_and_leave_the_site_as_it_was(project: Copier, mistake: str) -> None:
    root = project()
    run("build", "--root", root)
    before = stamps(root / "site")
    key = mistake.partition(":")[0]
    wrong = re.sub(rf"^{key}: .*$", mistake, SMALL["content/index.md"], count=1, flags=re.MULTILINE)
    made = run("build", "--root", write_project(root, {"content/index.md": wrong}))
    assert (made.returncode, made.stdout) == (1, "")
    assert re.search(r"^content/index\.md:\d+:\d+: error\[[a-z-]+\]: ", made.stderr, re.MULTILINE)
    assert re.search(r"^\d+ errors?(, \d+ warnings?)?; .*site/ stays as it was$", made.stderr.splitlines()[-1])
    assert "Traceback" not in made.stderr
    assert stamps(root / "site") == before
    assert {place.name for place in root.iterdir()} == {"content", "site", ".cache", ".site.lock"}


def test_first_build_that_fails_makes_no_site(project: Copier) -> None:
    root = project(BROKEN)
    assert run("build", "--root", root).returncode == 1
    assert not (root / "site").exists()
    assert not (root / ".site-next").exists()


def test_all_mistakes_are_told_in_one_run_sorted_by_place(project: Copier) -> None:
    files = {
        **SMALL,
        "content/index.md": SMALL["content/index.md"].replace("kind: bar", "kind: pie") + "\n[Lost](/lost/)\n",
        "content/roads/index.md": SMALL["content/roads/index.md"].replace("[year, service, amount]", "[year, servce]"),
        "content/data/spending.csv": SMALL["content/data/spending.csv"].replace("131.5", "many"),
    }
    made = run("build", "--root", project(files))
    places = re.findall(r"^(content/[a-z/.]+):(\d+):\d+: error\[", made.stderr, re.MULTILINE)
    assert made.returncode == 1
    assert {path for path, _ in places} >= {"content/index.md", "content/data/spending.csv", "content/roads/index.md"}
    assert places == sorted(places, key=lambda place: (place[0], int(place[1])))
    assert f"{len(places)} errors" in made.stderr


@pytest.mark.parametrize("command", ["build", "check"])
def test_strict_makes_failures_of_warnings(project: Copier, command: str) -> None:
    root = project(WARNED)
    loose, strict = run(command, "--root", root), run(command, "--root", root, "--strict")
    assert (loose.returncode, strict.returncode) == (0, 1)
    assert "warning[no-contact]" in loose.stderr
    assert "warning[no-contact]" in strict.stderr
    assert run(command, "--root", project(SMALL), "--strict").returncode == 0


@pytest.mark.parametrize(
    "words",
    [["biuld"], ["build", "--bse-url", "x"], ["build", "--today", "soon"], ["build", "--jobs", "-1"], ["serve", "here"],
     ["serve", "--port", "70000"], ["serve", "--editor-url", "javascript:open('{path}')"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_ends_with_2_and_says_what_is_right(words: list[str], tmp_path: Path) -> None:
    made = run(*words, cwd=write_project(tmp_path))
    assert (made.returncode, made.stdout) == (2, "")
    assert "Usage: " in made.stderr
    assert "Traceback" not in made.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_has_help_with_an_example(command: str) -> None:
    made = run(command, "--help")
    assert made.returncode == 0
    assert f"Example: transparency {command}" in made.stdout
    described = [line for line in made.stdout.partition("Options:")[2].splitlines() if line.startswith("  -")]
    assert [
        line for line in described if not re.search(r"\S {2,}\S|^  \S.*\]$", line) and "DIRECTORY" not in line
    ] == []


def test_help_names_every_command_and_the_exit_codes() -> None:
    made = run("--help")
    assert made.returncode == 0
    assert [command for command in cli.commands if not re.search(rf"^  {command}  ", made.stdout, re.MULTILINE)] == []
    assert "exit code 1" in made.stdout


def test_version_is_that_of_the_package() -> None:
    stated = re.search(r'^version = "(.*)"$', (CHECKOUT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert stated
    assert stated[1] in run("--version").stdout


def test_address_comes_from_the_option_then_the_host_then_the_site_file(project: Copier) -> None:
    root = project()
    build = ("build", "--root", root)
    run(*build)
    assert canonical(root) == "https://small.example/"
    run(*build, env={"URL": "https://host.example"})
    assert canonical(root) == "https://host.example/"
    run(*build, "--base-url", "https://option.example/finance", env={"URL": "https://host.example"})
    assert canonical(root) == "https://option.example/finance/"
    lost = (root / "site" / "404.html").read_text("utf-8")
    assert 'href="/finance/assets/site.' in lost


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org/", "javascript:alert(1)"])
def test_address_that_is_none_is_an_error(project: Copier, address: str) -> None:
    root = project()
    assert run("build", "--root", root, "--base-url", address).returncode == 1
    assert not (root / "site").exists()


@pytest.mark.parametrize("files", [SMALL, WARNED, BROKEN], ids=["right", "warned", "broken"])
def test_check_writes_nothing(project: Copier, files: dict[str, str]) -> None:
    root = project(files)
    before = stamps(root)
    made = run("check", "--root", root)
    assert made.returncode == (files is BROKEN)
    assert stamps(root) == before


AUDITED = {
    "content/data/spending.csv": "year,service,amount,core,external\n"
    "2021-22,Roads,131.5,120.2,11.3\n2022-23,Roads,152.8,130.4,22.4\n2023-24,Roads,174.3,140.8,33.5\n"
    "2024-25,Roads,196.1,150.9,44.2\n",
    "content/data/spending.yaml": SMALL["content/data/spending.yaml"]
    + "".join(
        f"    - {{name: {name}, type: number, title: {name.title()}, description: Part of it., role: measure, "
        "unit: gbp-million}\n"
        for name in ("core", "external")
    ),
}


def test_audit_prints_findings_with_lines_for_the_sidecar_and_is_advice(project: Copier) -> None:
    root = project({**SMALL, **AUDITED})
    made = run("audit", "--root", root, "spending")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("1. Planned spending (2024-25, Roads): the paper prints £196.1m.")
    assert 'acknowledged: - {check: planned-spending, at: {year: "2024-25", ' in made.stdout
    assert made.stdout.endswith("\n1 finding\n")
    assert json.loads(run("audit", "--root", root, "--format", "json", "--from-scratch").stdout)[0]["kind"] == "row sum"
    assert not (root / "site").exists()


def test_audit_of_a_dataset_that_there_is_not_suggests_one(project: Copier) -> None:
    made = run("audit", "--root", project(SMALL), "spendings")
    assert made.returncode == 2
    assert "there is no dataset 'spendings'; did you mean 'spending'?" in made.stderr


def test_drafts_are_built_on_request_only(project: Copier) -> None:
    description = "What the parks of Small Council cost, in a page that is not ready."
    root = project({**SMALL, "content/parks.md": f"---\ntitle: Parks\ndescription: {description}\ndraft: true\n---\n"})
    run("build", "--root", root)
    assert not (root / "site" / "parks").exists()
    made = run("build", "--root", root, "--drafts")
    assert made.stdout.startswith("3 pages")
    assert (root / "site" / "parks" / "index.html").is_file()


def test_output_goes_to_the_folder_that_is_named(project: Copier, tmp_path: Path) -> None:
    root = project()
    assert run("build", "--root", root, "--output", tmp_path / "public").returncode == 0
    assert (tmp_path / "public" / "index.html").is_file()
    assert not (root / "site").exists()


def test_project_is_this_folder_unless_one_is_named(project: Copier) -> None:
    root = project()
    assert run("build", cwd=root).returncode == 0
    assert (root / "site" / "index.html").is_file()


def test_folder_of_somebody_else_is_refused(project: Copier, tmp_path: Path) -> None:
    root, other = project(), tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear", encoding="utf-8")
    made = run("build", "--root", root, "--output", other)
    assert (made.returncode, made.stdout) == (1, "")
    assert "holds files that this command did not write" in made.stderr
    assert tree(other).keys() == {"letter.txt"}


def test_folder_that_holds_no_project_is_told_in_words(tmp_path: Path) -> None:
    made = run("build", "--root", tmp_path)
    assert made.returncode == 1
    assert "error[no-config]: there is no site.yaml" in made.stderr
    assert "Traceback" not in made.stderr
    assert run("build", "--root", tmp_path / "nowhere").returncode in (1, 2)


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize("encoding", [None, "ascii", "cp1252:strict"], ids=["C locale", "ascii", "Windows"])
def test_pound_signs_and_curly_quotes_do_not_crash_a_plain_terminal(
    project: Copier, command: str, encoding: str | None
) -> None:
    """The C locale knows no '£', and a message quotes the line of the file where it stands."""
    wrong = SMALL["content/data/spending.csv"].replace("131.5", "£131.5 – ‘→’")
    root = project({**SMALL, "content/data/spending.csv": wrong})
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    made = subprocess.run(
        arguments(command, "--root", root),
        env=environment(plain), cwd=CHECKOUT, capture_output=True, timeout=100, check=False,
    )  # fmt: skip
    assert made.returncode == 1, made.stderr
    assert b"content/data/spending.csv:4:" in made.stderr
    assert b"Traceback" not in made.stderr
    assert b"Sorry" not in made.stderr


@pytest.mark.parametrize("encoding", [None, "ascii"], ids=["C locale", "ascii"])
def test_folder_with_letters_that_the_terminal_does_not_know_can_be_built(
    project: Copier, tmp_path: Path, encoding: str | None
) -> None:
    root = project(BROKEN).rename(tmp_path / "Größe £")
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    made = subprocess.run(
        arguments("build", "--root", root),
        env=environment(plain), cwd=CHECKOUT, capture_output=True, timeout=100, check=False,
    )  # fmt: skip
    assert made.returncode == 1
    assert b"stays as it was" in made.stderr
    assert b"Traceback" not in made.stderr
    assert b"Sorry" not in made.stderr


def test_help_can_be_read_on_a_plain_terminal() -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    assert run("--help", env=plain).returncode == 0
    assert all(run(command, "--help", env=plain).returncode == 0 for command in cli.commands)


HOLD = """
import sys, pathlib
from generator.output import locked
with locked(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


def test_second_build_at_the_same_time_is_refused_politely(project: Copier) -> None:
    root = project()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root / "site")],
        env=environment(), cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        made = run("build", "--root", root)
        holder.communicate("\n", timeout=10)
    assert (made.returncode, made.stdout) == (1, "")
    assert f"another build (process {holder.pid}) is writing to" in made.stderr
    assert not (root / "site").exists()
