"""The browser of this machine, and the real site served as its host serves it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.server import Host, serving
from tests.command import real_site

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

Opener = Callable[..., Page]

expect.set_options(timeout=20_000)  # a busy machine may take its time


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; without it these tests are skipped, but never where a whole check is wanted."""
    if not CHROMIUM.exists():
        message = f"there is no {CHROMIUM}: install chromium, e.g. 'apt-get install chromium', or set CHROMIUM"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Return a function that opens an empty page in a context of its own; the options are those of the context."""
    contexts: list[BrowserContext] = []

    def opened(width: int = 1280, **options: object) -> Page:
        settings: dict[str, object] = {"viewport": {"width": width, "height": 900}, "locale": "en-GB", **options}
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Return the real site, built by the real command and served at the root of a host."""
    with serving(real_site(tmp_path_factory)) as host:
        yield host


@pytest.fixture(scope="session")
def nested_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Return the real site, built for and served below a folder of a host."""
    with serving(real_site(tmp_path_factory, "--base-url", "https://example.org/finance/"), "/finance/") as host:
        yield host


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core that comes with axe-playwright-python."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
