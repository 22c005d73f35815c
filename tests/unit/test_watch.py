"""Changes are handed on in settled batches, however an editor saves."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from watchdog.events import FileSystemEventHandler
from watchdog.observers.api import ObservedWatch
from watchdog.observers.polling import PollingObserver

from generator import watch as watch_module
from generator.watch import Debounce, is_ignored, watch

LIMIT = Path("/proc/sys/fs/inotify/max_queued_events")
A, B = Path("/content/a.md"), Path("/content/b.md")


class Clock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_waits_before_the_first_change(clock: Clock) -> None:
    debounce = Debounce(clock)
    assert debounce.wait() is None
    assert debounce.take() == ()


@pytest.mark.parametrize(
    ("kind", "quiet"),
    [("closed", 0.020), ("moved", 0.020), ("modified", 0.150), ("created", 0.150), ("deleted", 0.150)],
)
def test_batch_is_due_after_the_quiet_that_its_event_needs(clock: Clock, kind: str, quiet: float) -> None:
    debounce = Debounce(clock)
    debounce.add(A, kind)

    assert debounce.wait() == pytest.approx(quiet)
    clock.now += quiet + 0.001
    assert debounce.wait() == 0
    assert debounce.take() == (A,)
    assert debounce.wait() is None


def test_file_that_is_closed_no_longer_waits_for_its_changes(clock: Clock) -> None:
    debounce = Debounce(clock)
    for kind in ("created", "modified", "closed"):
        debounce.add(A, kind)
    assert debounce.wait() == pytest.approx(0.020)


def test_file_that_is_changed_after_it_was_closed_waits_again(clock: Clock) -> None:
    debounce = Debounce(clock)
    debounce.add(A, "closed")
    debounce.add(A, "modified")
    assert debounce.wait() == pytest.approx(0.150)


def test_batch_waits_for_the_slowest_of_its_files(clock: Clock) -> None:
    debounce = Debounce(clock)
    debounce.add(B, "modified")
    clock.now += 0.1
    debounce.add(A, "closed")

    assert debounce.wait() == pytest.approx(0.050)
    clock.now += 0.06
    assert debounce.take() == (A, B)


def test_busy_folder_is_handed_on_after_two_seconds(clock: Clock) -> None:
    debounce = Debounce(clock)
    waited = 0.0
    debounce.add(A, "modified")
    while debounce.wait():
        clock.now += 0.1
        waited += 0.1
        debounce.add(A, "modified")
        assert waited < 5
    assert waited == pytest.approx(2.0, abs=0.11)

    debounce.take()
    debounce.add(B, "modified")
    assert debounce.wait() == pytest.approx(0.150)


@pytest.mark.parametrize(
    "name",
    [
        ".a.md.swp",
        "a.swp",
        "a.md~",
        "#a.md#",
        ".#a.md",
        "4913",
        ".~lock.spend.csv#",
        "~$spend.xlsx",
        "lu123.tmp",
        ".git/index",
        ".cache/ab/cd",
        ".site-next/index.html",
        "site/index.html",
        "__pycache__/a.pyc",
        "deep/.DS_Store",
    ],
)
def test_names_that_are_no_sources_are_ignored(name: str) -> None:
    root = Path("/home/me/.work/project")
    assert is_ignored(root / name, root, (root / "site",))


@pytest.mark.parametrize("name", ["a.md", "data/spend.csv", "site.yaml", "sites/index.md", "a#b.md", "data/~a.csv"])
def test_sources_are_not_ignored_even_where_the_project_lies_in_a_hidden_folder(name: str) -> None:
    root = Path("/home/me/.work/project")
    assert not is_ignored(root / name, root, (root / "site",))


class Batches:
    """Keeps what was handed on, for a test to wait for."""

    def __init__(self) -> None:
        self.seen: list[tuple[Path, ...]] = []
        self.arrived = threading.Condition()

    def __call__(self, batch: tuple[Path, ...]) -> None:
        with self.arrived:
            self.seen.append(batch)
            self.arrived.notify_all()

    def names(self) -> set[str]:
        return {path.name for batch in self.seen for path in batch}

    def wait_for(self, *names: str, seconds: float = 5) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: set(names) <= self.names(), seconds), self.seen


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.md").write_text("a")
    return folder


@pytest.fixture
def batches(content: Path) -> Iterator[Batches]:
    batches = Batches()
    stop = watch((content,), (content / "out",), batches)
    yield batches
    stop()


def save_in_place(path: Path) -> None:
    path.write_text("new")


def save_by_rename(path: Path) -> None:
    draft = path.with_name("." + path.name + ".swp")
    draft.write_text("new")
    draft.replace(path)


def save_from_elsewhere(path: Path) -> None:
    draft = path.parent.parent / "draft"
    draft.write_text("new")
    draft.replace(path)


def save_with_backup(path: Path) -> None:
    """Save as vim does: try the folder, put the old file aside, write the new one, throw the old one away."""
    probe, backup = path.with_name("4913"), path.with_name(path.name + "~")
    probe.touch()
    probe.unlink()
    path.rename(backup)
    path.write_text("new")
    backup.unlink()


def save_with_autosave(path: Path) -> None:
    """Save as emacs does, with a lock and a copy of what is not saved yet."""
    lock, copy = path.with_name(".#" + path.name), path.with_name(f"#{path.name}#")
    lock.symlink_to("me@here.1:2")
    copy.write_text("ne")
    path.write_text("new")
    copy.unlink()
    lock.unlink()


def save_after_truncating(path: Path) -> None:
    with path.open("w") as file:  # empty from here on
        time.sleep(0.05)
        file.write("n")
        file.flush()
        time.sleep(0.05)
        file.write("ew")


def save_like_a_spreadsheet(path: Path) -> None:
    lock, draft = path.with_name(f".~lock.{path.name}#"), path.with_name("lu12ab.tmp")
    lock.write_text("me")
    draft.write_text("new")
    draft.replace(path)
    lock.unlink()


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "save",
    [
        save_in_place, save_by_rename, save_from_elsewhere, save_with_backup, save_with_autosave,
        save_after_truncating, save_like_a_spreadsheet, remove,
    ],
)  # fmt: skip
def test_every_way_of_saving_is_one_batch_that_names_the_file(
    content: Path, batches: Batches, save: Callable[[Path], None]
) -> None:
    save(content / "a.md")
    batches.wait_for("a.md")
    time.sleep(0.3)
    assert batches.seen == [(content / "a.md",)]


def test_save_is_handed_on_soon(content: Path, batches: Batches) -> None:
    begun = time.monotonic()
    (content / "a.md").write_text("new")
    batches.wait_for("a.md")
    assert time.monotonic() - begun < 1


def test_reading_is_no_change(content: Path, batches: Batches) -> None:
    for _ in range(3):
        (content / "a.md").read_text()
        list(content.iterdir())
    time.sleep(0.4)
    assert batches.seen == []


def test_output_and_temporary_files_are_no_change(content: Path, batches: Batches) -> None:
    (content / "out").mkdir()
    (content / "out/index.html").write_text("x")
    (content / ".~lock.spend.csv#").write_text("x")
    (content / "~$spend.xlsx").write_text("x")
    time.sleep(0.4)
    assert batches.seen == []


def test_many_files_are_few_batches(content: Path, batches: Batches) -> None:
    for number in range(300):
        (content / f"{number}.md").write_text("x")
    batches.wait_for(*(f"{number}.md" for number in range(300)))
    assert len(batches.seen) < 10


class Readings:
    """Reads all files below a folder for each batch, as a build does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[dict[str, str]] = []
        self.arrived = threading.Condition()

    def __call__(self, batch: tuple[Path, ...]) -> None:
        places = [place for place in self.folder.rglob("*") if place.is_file() and ".git" not in place.parts]
        found = {place.relative_to(self.folder).as_posix(): place.read_text() for place in places}
        with self.arrived:
            self.seen.append(found)
            self.arrived.notify_all()

    def wait_until(self, last: dict[str, str], seconds: float = 10) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: self.seen and self.seen[-1] == last, seconds), self.seen[-1:]


@pytest.fixture
def readings(content: Path) -> Iterator[Readings]:
    readings = Readings(content)
    stop = watch((content,), (), readings)
    yield readings
    stop()


def test_file_that_was_read_while_half_written_is_read_again(content: Path, readings: Readings) -> None:
    with (content / "a.md").open("w") as file:
        readings.wait_until({"a.md": ""})
        file.write("first")
        file.flush()
        readings.wait_until({"a.md": "first"})
        file.write(" and last")
    readings.wait_until({"a.md": "first and last"})


def test_storm_of_saves_is_few_readings_and_ends_with_the_last_save(content: Path, readings: Readings) -> None:
    for number in range(200):
        (content / "a.md").write_text(f"save {number}")
    readings.wait_until({"a.md": "save 199"})
    assert len(readings.seen) < 20


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_checkout_of_hundreds_of_files_is_few_readings_and_ends_with_all_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()

    def git(*words: str) -> None:
        said = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false", "-c", "gc.auto=0")
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        subprocess.run(["git", *said, *words], cwd=folder, env=environment, check=True, capture_output=True, timeout=60)

    def write(word: str, numbers: range) -> dict[str, str]:
        files = {f"{number % 7}/{number}.md": f"{word} {number}" for number in numbers}
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        git("add", "--all")
        git("commit", "-m", word)
        return files

    git("init", "--initial-branch", "old")
    old = write("old", range(300))
    git("checkout", "-b", "new")
    git("rm", "-r", "0", "1")
    new = write("new", range(2, 500, 7)) | {name: text for name, text in old.items() if name[0] in "3456"}
    readings = Readings(folder)
    stop = watch((folder,), (), readings)
    try:
        git("checkout", "old")
        readings.wait_until(old)
        git("checkout", "new")
        readings.wait_until(new)
        assert len(readings.seen) < 20
    finally:
        stop()


def test_moved_folder_is_followed(content: Path, readings: Readings) -> None:
    (content / "spend" / "deep").mkdir(parents=True)
    (content / "spend" / "deep" / "b.md").write_text("b")
    readings.wait_until({"a.md": "a", "spend/deep/b.md": "b"})
    (content / "spend").rename(content / "costs")
    readings.wait_until({"a.md": "a", "costs/deep/b.md": "b"})
    (content / "costs" / "deep" / "b.md").write_text("again")
    readings.wait_until({"a.md": "a", "costs/deep/b.md": "again"})
    (content / "costs").rename(content.parent / "away")
    readings.wait_until({"a.md": "a"})
    (content.parent / "away").rename(content / "back")
    readings.wait_until({"a.md": "a", "back/deep/b.md": "again"})
    (content / "back" / "deep" / "b.md").write_text("third")
    readings.wait_until({"a.md": "a", "back/deep/b.md": "third"})


def test_new_folder_is_watched_too(content: Path, batches: Batches) -> None:
    (content / "spend").mkdir()
    batches.wait_for("spend")
    (content / "spend/index.md").write_text("x")
    batches.wait_for("index.md")


def test_next_batch_waits_until_the_first_is_dealt_with(content: Path) -> None:
    """What changes while a build runs is built afterwards, and no two builds run at once."""
    running, most, batches = 0, 0, Batches()

    def build(batch: tuple[Path, ...]) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if "a.md" in {path.name for path in batch}:
            (content / "b.md").write_text("while building")
            time.sleep(0.4)
        running -= 1
        batches(batch)

    stop = watch((content,), (), build)
    (content / "a.md").write_text("new")
    batches.wait_for("a.md", "b.md")
    stop()
    assert most == 1
    assert batches.seen == [(content / "a.md",), (content / "b.md",)]


def test_bug_in_one_build_does_not_end_the_watch(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batches = Batches()

    def build(batch: tuple[Path, ...]) -> None:
        batches(batch)
        if len(batches.seen) == 1:
            raise ValueError("a bug")

    stop = watch((content,), (), build)
    (content / "a.md").write_text("new")
    batches.wait_for("a.md")
    (content / "b.md").write_text("new")
    batches.wait_for("b.md")
    stop()
    assert "ValueError: a bug" in capsys.readouterr().err


def test_nothing_is_handed_on_after_the_stop(content: Path) -> None:
    batches = Batches()
    stop = watch((content,), (), batches)
    begun = time.monotonic()
    stop()
    assert time.monotonic() - begun < 2
    (content / "a.md").write_text("new")
    time.sleep(0.3)
    assert batches.seen == []


def test_folder_that_appears_later_is_watched_from_then_on(content: Path) -> None:
    late = content.parent / "templates"
    seen = Batches()
    stop = watch((content, late), (), seen)
    (content.parent / "notes").mkdir()
    (content.parent / "notes.txt").write_text("x")
    late.mkdir()
    seen.wait_for("templates")
    (late / "base.html").write_text("x")
    seen.wait_for("base.html")
    (content / "a.md").write_text("new")
    seen.wait_for("a.md")
    stop()
    assert not {"notes", "notes.txt"} & seen.names()


@pytest.mark.parametrize("way", ["removed", "moved away", "exchanged"])
def test_folder_that_is_removed_and_made_again_is_still_watched(content: Path, readings: Readings, way: str) -> None:
    if way == "removed":
        shutil.rmtree(content)
        readings.wait_until({})
    elif way == "moved away":
        content.rename(content.parent / "away")
        readings.wait_until({})
        (content.parent / "away" / "a.md").write_text("not here")
    else:
        content.rename(content.parent / "away")
    content.mkdir()
    (content / "deep").mkdir()
    (content / "deep" / "b.md").write_text("b")
    readings.wait_until({"deep/b.md": "b"})
    (content / "deep" / "b.md").write_text("again")
    readings.wait_until({"deep/b.md": "again"})
    if way != "removed":
        shutil.rmtree(content)
        (content.parent / "away").rename(content)
        readings.wait_until({"a.md": "not here" if way == "moved away" else "a"})
        (content / "a.md").write_text("back")
        readings.wait_until({"a.md": "back"})


def test_single_files_outside_of_the_folders_are_watched_too(content: Path) -> None:
    seen = Batches()
    file = content.parent / ".update.json"
    stop = watch((content,), (), seen, files=(file,))
    (content.parent / ".other.json").write_text("x")
    save_by_rename(file)
    seen.wait_for(".update.json")
    seen.seen.clear()
    file.unlink()
    seen.wait_for(".update.json")
    stop()
    assert seen.names() == {".update.json"}


def test_many_events_at_once_are_a_storm_until_it_is_calm(clock: Clock) -> None:
    debounce = Debounce(clock)
    assert not any(debounce.count() for _ in range(999))
    assert debounce.count()
    clock.now += 0.9
    assert debounce.count()
    clock.now += 1.1
    assert not debounce.count()


def test_storm_ends_with_its_batch_so_that_a_build_which_writes_a_line_does_not_keep_it_up(clock: Clock) -> None:
    debounce = Debounce(clock)
    assert [debounce.count() for _ in range(1000)][-1]
    debounce.add(Path("a.md"), "closed")
    clock.now += 0.5
    debounce.take()
    assert not debounce.count()


FOLLOWS = """
import sys
from pathlib import Path
from generator.watch import watch
folder = Path(sys.argv[1])
def tell(batch):
    print(sorted(p.name + " " + p.read_text() for p in folder.rglob("[b-z].md")), flush=True)
watch((folder,), (), tell, say=print)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not LIMIT.exists(), reason="the system is not Linux")
def test_changes_that_the_system_dropped_are_found_all_the_same(content: Path) -> None:
    """A process that stands still reads no events; those above the limit of the system are lost."""
    program = [sys.executable, "-c", FOLLOWS, str(content)]
    here = Path(watch_module.__file__).parents[1]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, cwd=here, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        end = threading.Timer(30, process.kill)
        end.start()
        try:
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGSTOP)
            for _ in range(int(LIMIT.read_text()) // 2 + 10):
                (content / "a.md").write_text("new")  # two events: what was changed, and that it was closed
            (content / "new").mkdir()
            (content / "new" / "b.md").write_text("lost")
            process.send_signal(signal.SIGCONT)
            assert any("very many files change" in line for line in process.stdout)
            assert "['b.md lost']\n" in process.stdout
            (content / "new" / "b.md").write_text("seen")
            assert "['b.md seen']\n" in process.stdout
        finally:
            end.cancel()
            process.kill()
        assert process.stderr.read() == ""


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
def test_system_without_watches_is_polled_with_a_message(
    content: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    class Exhausted(PollingObserver):
        def start(self) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(watch_module, "Observer", Exhausted)
    batches, said = Batches(), list[str]()
    stop = watch((content,), (), batches, say=said.append)
    (content / "a.md").write_text("something longer")
    batches.wait_for("a.md")
    stop()
    assert len(said) == 1
    assert "every second" in said[0]


def test_folder_that_comes_when_no_watches_are_left_is_polled_with_a_message(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Exhausted(PollingObserver):
        def schedule(self, event_handler: FileSystemEventHandler, path: str | Path, **options: Any) -> ObservedWatch:
            if Path(path).name == "late":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().schedule(event_handler, path, **options)

    monkeypatch.setattr(watch_module, "Observer", Exhausted)
    batches, said, late = Batches(), list[str](), content.parent / "late"
    stop = watch((content, late), (), batches, say=said.append)
    late.mkdir()
    batches.wait_for("late")
    (late / "b.md").write_text("later")
    batches.wait_for("b.md")
    stop()
    assert len(said) == 1
    assert "every second" in said[0]


def test_other_failures_of_the_system_are_not_hidden(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(PollingObserver):
        def start(self) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(watch_module, "Observer", Broken)
    with pytest.raises(PermissionError):
        watch((content,), (), Batches())
