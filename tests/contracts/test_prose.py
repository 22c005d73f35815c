"""No sentence of our own site holds a figure that was typed by hand and is in no dataset."""

from __future__ import annotations

from generator.build import Options, load_config, parse_pages
from generator.library import read_library
from generator.site import assemble
from generator.sources import read_snapshot
from tests.command import PROJECT


def test_no_figure_of_the_site_is_typed_by_hand() -> None:
    snapshot = read_snapshot(PROJECT).value
    config = load_config(snapshot, Options())
    library = read_library(snapshot, config.value)
    pages = parse_pages(snapshot)
    site = assemble(config.value, library.value, pages.value, snapshot)
    found = [*library.problems, *site.problems]
    assert [f"{p.at}: {p.message}" for p in found if p.code == "bare-figure"] == []
