"""What is remembered comes back whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.digest import digest
from generator.memo import Store

KEY = digest("key")


def entry(store: Store) -> Path:
    """Return the only file of a store."""
    (file,) = (file for file in store.folder.rglob("*") if file.is_file())
    return file


@pytest.mark.parametrize("text", ["", "text", "two\nlines\n", "£−\u2028", "a\r\nb"])
def test_text_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    Store(tmp_path).remember(KEY, text)
    assert Store(tmp_path).recall(KEY) == text


def test_nothing_is_recalled_that_was_not_remembered(tmp_path: Path) -> None:
    assert Store(tmp_path / "absent").recall(KEY) is None


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\xfe", b"0\ntext"], ids=["empty", "short", "binary", "other"])
def test_damaged_entry_is_a_miss_and_is_mended_by_the_next_result(tmp_path: Path, damage: bytes) -> None:
    store = Store(tmp_path)
    store.remember(KEY, "text")
    entry(store).write_bytes(damage)
    assert store.recall(KEY) is None
    store.remember(KEY, "text")
    assert store.recall(KEY) == "text"


def test_entry_cut_short_is_a_miss(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember(KEY, "text")
    entry(store).write_bytes(entry(store).read_bytes()[:-1])
    assert store.recall(KEY) is None


def test_no_draft_is_left_behind(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember(KEY, "text")
    assert entry(store).name == KEY


def test_store_that_cannot_be_written_only_forgets(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.remember(KEY, "text")
    assert store.recall(KEY) is None


def test_store_that_is_full_forgets_the_oldest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keys = [digest(name) for name in "abc"]
    for day, key in enumerate(keys):
        store.remember(key, "x" * 1000)
        os.utime(tmp_path / key[:2] / key, (day * 86400, day * 86400))
    store.trim(2500)
    assert [key for key in keys if store.recall(key)] == keys[1:]
    store.trim(0)
    assert [key for key in keys if store.recall(key)] == []
