"""Assets are published under names that change with their bytes."""

from __future__ import annotations

import re

from generator.assets import Assets, plan_assets
from generator.sources import snapshot_of

FILES = {
    "templates/assets/site.css": 'a { b: url("fonts/f.woff2") } c { d: url("icon.svg") url("zebra.svg") }',
    "templates/assets/fonts/f.woff2": "font",
    "templates/assets/icon.svg": "<svg/>",
    "templates/assets/zebra.svg": "<svg>z</svg>",
}


def assets(**changed: str) -> Assets:
    """Plan assets; a key ``site_css`` stands for the file ``site.css``."""
    more = {f"templates/assets/{name.replace('_', '.')}": text for name, text in changed.items()}
    return plan_assets(snapshot_of({**FILES, **more}))


def test_name_holds_the_digest_of_the_bytes() -> None:
    found = assets()
    assert re.fullmatch(r"assets/icon\.[0-9a-f]{10}\.svg", found.names["icon.svg"])
    assert found.files[found.names["icon.svg"]] == b"<svg/>"
    assert assets(icon_svg="<svg>2</svg>").names["icon.svg"] != found.names["icon.svg"]


def test_stylesheet_names_the_published_files_relative_to_itself() -> None:
    found = assets()
    css = found.files[found.names["site.css"]].decode()
    names = [found.names[name].removeprefix("assets/") for name in ("fonts/f.woff2", "icon.svg", "zebra.svg")]
    assert css == 'a {{ b: url("{}") }} c {{ d: url("{}") url("{}") }}'.format(*names)


def test_stylesheet_changes_its_name_with_the_files_it_names() -> None:
    assert assets(icon_svg="<svg>2</svg>").names["site.css"] != assets().names["site.css"]


def test_unknown_and_outer_references_stay_as_they_are() -> None:
    css = 'a { b: url("absent.png") url("data:x") url("https://a.example/x.png") url("/x.png") }'
    found = assets(site_css=css)
    assert found.files[found.names["site.css"]].decode() == css


def test_only_files_for_browsers_are_published() -> None:
    found = plan_assets(snapshot_of({f"templates/assets/a.{end}": "x" for end in ("ttf", "txt", "js", "png")}))
    assert sorted(found.names) == ["a.js", "a.png"]
    assert plan_assets(snapshot_of({"templates/base.css": "x", "content/a.css": "x"})).files == {}
