"""The site folder changes as a whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator import output
from generator.output import MARKER, OutputBusy, OutputRefused, Synced, locked, repair, sync
from generator.paths import OutputPath

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="RENAME_EXCHANGE is a system call of Linux")


def site(**names: str) -> dict[OutputPath, bytes]:
    """Return files of a site: ``site(a="x")`` is the file ``a.html``."""
    return {OutputPath(f"{name.replace('__', '/')}.html"): text.encode() for name, text in names.items()}


def content(folder: Path) -> dict[str, str]:
    """Return what a host would serve."""
    return {
        place.relative_to(folder).as_posix(): place.read_text()
        for place in sorted(folder.rglob("*"))
        if place.is_file() and place.name not in {MARKER, ".gitignore"}
    }


def beside(folder: Path) -> set[str]:
    return {place.name for place in folder.parent.iterdir()} - {folder.name}


def no_exchange(one: Path, other: Path) -> bool:
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture(params=["exchange", "two renames"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test with the system call and without it."""
    if request.param == "two renames":
        monkeypatch.setattr(output, "exchange", no_exchange)


def test_first_build_makes_the_folder(folder: Path) -> None:
    synced = sync(site(index="home", a__index="a"), folder)

    assert synced == Synced(2, 0, 0, (OutputPath("a/index.html"), OutputPath("index.html")))
    assert content(folder) == {"a/index.html": "a", "index.html": "home"}
    assert beside(folder) == set()


@pytest.mark.usefixtures("either_way")
def test_second_build_writes_only_what_differs_and_removes_what_is_gone(folder: Path) -> None:
    sync(site(index="home", a__index="a", b__c="c"), folder)

    synced = sync(site(index="home 2", a__index="a", d="new"), folder)

    assert synced == Synced(2, 1, 1, (OutputPath("d.html"), OutputPath("index.html")))
    assert content(folder) == {"a/index.html": "a", "d.html": "new", "index.html": "home 2"}
    assert not (folder / "b").exists()
    assert beside(folder) == set()


@pytest.mark.usefixtures("either_way")
def test_unchanged_file_keeps_its_inode_and_time(folder: Path) -> None:
    sync(site(index="home", a__index="a"), folder)
    os.utime(folder / "a/index.html", ns=(10**18, 10**18))
    before = (folder / "a/index.html").stat()

    sync(site(index="home 2", a__index="a"), folder)

    after = (folder / "a/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, 10**18, 1)


@pytest.mark.usefixtures("either_way")
def test_changed_file_is_never_written_in_place(folder: Path) -> None:
    sync(site(index="home"), folder)
    reader = (folder / "index.html").open()

    sync(site(index="home 2"), folder)

    assert reader.read() == "home"
    reader.close()


@pytest.mark.usefixtures("either_way")
def test_nothing_is_touched_where_nothing_changed(folder: Path) -> None:
    files = site(index="home", a__index="a")
    sync(files, folder)
    before = {place: place.stat() for place in (folder, folder.parent, *folder.rglob("*"))}

    assert sync(files, folder) == Synced(0, 2, 0, ())

    after = {place: place.stat() for place in (folder, folder.parent, *folder.rglob("*"))}
    assert {place: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for place, s in after.items()} == {
        place: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for place, s in before.items()
    }


@linux_only
def test_folders_are_exchanged_in_one_step(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The former folder, the same inode, stands where the next one was put together."""
    sync(site(index="home"), folder)
    former = folder.stat().st_ino
    seen: list[int] = []
    discard = output._discard

    def watch(place: Path) -> None:
        if place.exists():
            seen.append(place.stat().st_ino)
            assert content(folder) == {"index.html": "home 2"}
        discard(place)

    monkeypatch.setattr(output, "_discard", watch)
    sync(site(index="home 2"), folder)

    assert seen == [former]
    assert folder.stat().st_ino != former


@linux_only
def test_exchange_never_leaves_the_name_of_the_site_empty(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(site(index="home"), folder)

    def refuse(self: Path, target: Path) -> Path:
        raise AssertionError(f"renamed {self}")

    monkeypatch.setattr(Path, "rename", refuse)
    sync(site(index="home 2"), folder)

    assert content(folder) == {"index.html": "home 2"}


def test_disk_without_hard_links_gets_copies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(site(index="home", a="a"), folder)
    os.utime(folder / "a.html", ns=(10**18, 10**18))

    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    sync(site(index="home 2", a="a"), folder)

    assert content(folder) == {"a.html": "a", "index.html": "home 2"}
    assert (folder / "a.html").stat().st_mtime_ns == 10**18


@pytest.mark.usefixtures("either_way")
def test_committed_gitignore_is_kept(folder: Path) -> None:
    """A fresh clone holds nothing but this file, and has no marker yet."""
    folder.mkdir()
    (folder / ".gitignore").write_text("*\n!.gitignore\n")

    sync(site(index="home"), folder)
    sync(site(index="home 2"), folder)

    assert (folder / ".gitignore").read_text() == "*\n!.gitignore\n"
    assert content(folder) == {"index.html": "home 2"}
    assert beside(folder) == set()


def test_foreign_file_and_empty_folder_in_the_site_are_removed(folder: Path) -> None:
    sync(site(index="home"), folder)
    (folder / "mine.txt").write_text("typed here by mistake")
    (folder / "empty").mkdir()

    assert sync(site(index="home"), folder) == Synced(0, 1, 1, ())
    assert sorted(place.name for place in folder.iterdir()) == [MARKER, "index.html"]


def test_damaged_file_is_written_again(folder: Path) -> None:
    sync(site(index="home"), folder)
    (folder / "index.html").write_text("HOME")

    assert sync(site(index="home"), folder).changed == ("index.html",)
    assert content(folder) == {"index.html": "home"}


def test_link_in_the_site_is_replaced_and_its_target_left_alone(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    home = "x" * len(str(outside / "index.html"))  # as long as the link and what it points to
    sync(site(index=home, a__index="a"), folder)
    (outside / "index.html").write_text(home)
    (folder / "a/index.html").unlink()
    (folder / "a").rmdir()
    (folder / "a").symlink_to(outside)
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(outside / "index.html")

    sync(site(index=home, a__index="b"), folder)

    assert content(outside) == {"index.html": home}
    assert content(folder) == {"a/index.html": "b", "index.html": home}
    assert not (folder / "a").is_symlink()
    assert not (folder / "index.html").is_symlink()


def test_file_may_become_a_folder(folder: Path) -> None:
    sync({OutputPath("a"): b"file"}, folder)
    sync({OutputPath("a/b"): b"file"}, folder)
    assert content(folder) == {"a/b": "file"}


@pytest.mark.usefixtures("either_way")
def test_failing_write_leaves_the_site_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(site(a="a", b="b"), folder)
    inode = folder.stat().st_ino
    write = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "b.html":
            raise OSError(28, "No space left on device", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputRefused, match=r"site/b.html: No space left on device"):
        sync(site(a="a 2", b="b 2"), folder)

    assert content(folder) == {"a.html": "a", "b.html": "b"}
    assert folder.stat().st_ino == inode
    assert beside(folder) == set()


def test_failing_second_rename_brings_the_former_site_or_the_next_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever it is, a whole site stands there afterwards."""
    sync(site(index="home"), folder)
    monkeypatch.setattr(output, "exchange", no_exchange)
    rename = Path.rename
    failed: list[Path] = []

    def fail_once(self: Path, target: Path) -> Path:
        if self.name == ".site-next" and not failed:
            failed.append(self)
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OutputRefused, match="Input/output error"):
        sync(site(index="home 2"), folder)

    assert content(folder) in ({"index.html": "home"}, {"index.html": "home 2"})
    assert beside(folder) == set()


def kill(folder: Path, text: str, where: str) -> None:
    """Build in another process that is killed, without a chance to tidy up, at the place named."""
    patch = {
        "before the exchange": "output._take_place = die",
        "after the exchange": "output._discard = lambda place: place.exists() and die()",
        "between the renames": """
output.exchange = lambda one, other: False
rename = Path.rename
Path.rename = lambda self, target: die() if self.name == ".site-next" else rename(self, target)""",
        "while writing": """
write = Path.write_bytes
Path.write_bytes = lambda self, data: die() if self.name == "b.html" else write(self, data)""",
        "while removing the former site": "output.shutil.rmtree = die",
    }[where]
    script = f"""
import os, signal, sys
from pathlib import Path
from generator import output
def die(*args): os.kill(os.getpid(), signal.SIGKILL)
{patch}
output.sync({{"a.html": {text!r}.encode(), "b.html": b"b", "c/d.html": b"d"}}, Path({str(folder)!r}))
"""
    ended = subprocess.run([sys.executable, "-c", script], cwd=Path(output.__file__).parents[1], check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("while writing", "old"),
        ("before the exchange", "old"),
        pytest.param("after the exchange", "new", marks=linux_only),
        ("between the renames", "new"),
        ("while removing the former site", "new"),
    ],
)
def test_killed_build_leaves_a_whole_site_and_the_next_start_tidies_up(folder: Path, where: str, expected: str) -> None:
    sync(site(a="old", c__d="d"), folder)

    kill(folder, "new", where)
    assert repair(folder)

    whole = (
        {"a.html": "new", "b.html": "b", "c/d.html": "d"} if expected == "new" else {"a.html": "old", "c/d.html": "d"}
    )
    assert content(folder) == whole
    assert beside(folder) == set()
    assert not repair(folder)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_next_build_repairs_by_itself(folder: Path) -> None:
    sync(site(a="old"), folder)
    kill(folder, "new", "between the renames")
    assert not folder.exists()

    sync(site(a="newer"), folder)

    assert content(folder) == {"a.html": "newer"}
    assert beside(folder) == set()


def test_former_site_comes_back_where_the_next_one_is_not_whole(folder: Path) -> None:
    sync(site(a="old"), folder)
    folder.rename(folder.with_name(".site-old"))
    following = folder.with_name(".site-next")
    following.mkdir()
    output._mark(following, output.PARTIAL)
    (following / "a.html").write_text("ne")

    assert repair(folder)

    assert content(folder) == {"a.html": "old"}
    assert beside(folder) == set()


def test_folder_of_others_beside_the_site_is_not_removed(folder: Path) -> None:
    mine = folder.with_name(".site-old")
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")

    with pytest.raises(OutputRefused, match=r"\.site-old is in the way"):
        sync(site(a="a"), folder)

    assert content(mine) == {"thesis.txt": "years of work"}


@pytest.mark.parametrize("gitignore", [True, False])
def test_folder_with_files_of_others_is_refused(folder: Path, gitignore: bool) -> None:
    """The same ``.gitignore`` stands in many folders that are not ours."""
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    if gitignore:
        (folder / ".gitignore").write_text("*\n!.gitignore\n")

    with pytest.raises(OutputRefused, match="did not write"):
        sync(site(a="a"), folder)

    assert content(folder) == {"thesis.txt": "years of work"}


def test_empty_folder_is_accepted(folder: Path) -> None:
    folder.mkdir()
    sync(site(a="a"), folder)
    assert content(folder) == {"a.html": "a"}


@pytest.mark.parametrize("name", ["content", "content/data", "", "..", "content/../content"])
def test_folder_that_is_or_contains_sources_is_refused(tmp_path: Path, name: str) -> None:
    sources = (tmp_path / "content/data/spend.csv", tmp_path / "templates")
    sources[0].parent.mkdir(parents=True)
    sources[0].write_text("year,amount\n")
    (tmp_path / "content" / MARKER).write_text(output.WHOLE)

    with pytest.raises(OutputRefused, match="must not replace"):
        sync(site(a="a"), tmp_path / name, sources=sources)

    assert sources[0].read_text() == "year,amount\n"


def test_folder_that_is_a_source_by_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "away").symlink_to(tmp_path / "content", target_is_directory=True)

    with pytest.raises(OutputRefused, match="must not replace"):
        sync(site(a="a"), tmp_path / "away", sources=(tmp_path / "content",))


@pytest.mark.parametrize("name", ["/", "~", "~/.."])
def test_root_and_home_are_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "homes/me"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))

    with pytest.raises(OutputRefused, match="must not replace"):
        sync(site(a="a"), Path(name).expanduser())


def test_link_and_plain_file_in_place_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "plain").write_text("text")

    with pytest.raises(OutputRefused, match="is a link"):
        sync(site(a="a"), tmp_path / "linked")
    with pytest.raises(OutputRefused, match="is not a folder"):
        sync(site(a="a"), tmp_path / "plain")

    assert not list((tmp_path / "real").iterdir())


@pytest.mark.parametrize(
    "name", ["../a", "/etc/a", "a/../../b", "a//b", "", "a/", "a\\b", "c:a", "a\0", "./a", ".gitignore", MARKER]
)
def test_name_that_leaves_the_folder_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(OutputRefused, match="not the name"):
        sync({OutputPath(name): b"x"}, folder)
    assert not folder.exists()


def test_file_that_is_also_a_folder_is_refused(folder: Path) -> None:
    with pytest.raises(OutputRefused, match="'a' would be a file and a folder"):
        sync({OutputPath("a"): b"x", OutputPath("a/b"): b"y"}, folder)


def test_file_that_is_open_in_a_spreadsheet_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows renames neither a folder with an open file nor the file itself."""
    sync(site(a="a", data__spend="1"), folder)
    monkeypatch.setattr(output, "exchange", no_exchange)
    rename = Path.rename

    def windows(self: Path, target: Path) -> Path:
        if self.name in {"site", "spend.html"}:
            raise PermissionError(13, "Access is denied", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", windows)
    with pytest.raises(OutputRefused, match=r"spend\.html is open in another program"):
        sync(site(a="a 2", data__spend="2"), folder)

    assert content(folder) == {"a.html": "a", "data/spend.html": "1"}
    assert beside(folder) == set()


def test_only_one_build_at_a_time(folder: Path) -> None:
    with locked(folder), pytest.raises(OutputBusy, match=rf"process {os.getpid()}\) is writing"), locked(folder):
        pass
    with locked(folder):
        pass


def test_lock_of_a_killed_build_is_free(folder: Path) -> None:
    script = f"""
import os
from pathlib import Path
from generator.output import locked
with locked(Path({str(folder)!r})):
    os._exit(7)
"""
    ended = subprocess.run([sys.executable, "-c", script], cwd=Path(output.__file__).parents[1], check=False)
    assert ended.returncode == 7
    with locked(folder):
        pass


def test_reader_meets_only_whole_sites(folder: Path) -> None:
    """A reader that opens the folder while builds run finds files of one build, never of two."""

    def version(number: int) -> Mapping[OutputPath, bytes]:
        return {OutputPath(f"{name}.html"): str(number).encode() for name in "abcdef"}

    sync(version(0), folder)
    script = f"""
import os
from pathlib import Path
from generator.output import sync
for number in range(1, 60):
    sync({{f"{{name}}.html": str(number).encode() for name in "abcdef"}}, Path({str(folder)!r}))
"""
    builds = subprocess.Popen([sys.executable, "-c", script], cwd=Path(output.__file__).parents[1])
    mixed, missing, seen = 0, 0, set()
    while builds.poll() is None:
        try:
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            missing += 1
            continue
        found = set()
        for name in "abcdef":
            try:
                place = os.open(f"{name}.html", os.O_RDONLY, dir_fd=handle)
            except FileNotFoundError:
                continue  # the former folder is being removed under us
            found.add(os.read(place, 10))
            os.close(place)
        os.close(handle)
        mixed += len(found) > 1
        seen |= found
    assert builds.returncode == 0
    assert mixed == 0
    assert missing == 0 or sys.platform != "linux"
    assert len(seen) > 3
