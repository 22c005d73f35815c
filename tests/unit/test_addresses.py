"""No two sources get one address, on no system."""

from __future__ import annotations

import pytest

from generator.addresses import Address, check_addresses, unfit_name
from generator.diagnostics import Location
from generator.paths import UrlPath


def messages(*urls: str) -> list[str]:
    found = check_addresses(Address(UrlPath(url), f"source {n}", Location(f"{n}.md")) for n, url in enumerate(urls, 1))
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    ("urls", "message"),
    [
        (["/a/", "/a/"], "source 2 and source 1 claim one address, /a/"),
        (["/a/", "/A/"], "source 2 and source 1 claim one address, /A/, which differs from /a/ in capitals alone"),
        (["/a/b.png", "/a/b.png/"], "source 2 and source 1 do not fit: /a/b.png/ cannot lie below /a/b.png"),
        (["/a/b.png/", "/a/b.png"], "source 2 and source 1 do not fit: /a/b.png/ cannot lie below /a/b.png"),
        (["/robots.txt/"],
         "source 1 and the file for crawlers of the site do not fit: /robots.txt/ cannot lie below /robots.txt"),
    ],
)  # fmt: skip
def test_two_that_want_one_file_are_named(urls: list[str], message: str) -> None:
    assert messages(*urls) == [message]


def test_addresses_of_their_own_are_no_problem() -> None:
    assert messages("/", "/a/", "/a/b/", "/a/b.png", "/data/x/x.csv", "/ab/") == []


@pytest.mark.parametrize(
    "path", ["a/../b.png", "a//b.png", "/b.png", "c:b.png", "a\\b.png", "com1.png", "b.png ", "é.png"]
)
def test_name_that_some_system_cannot_hold_is_found(path: str) -> None:
    assert unfit_name(path) or path.startswith("/") or "//" in path
