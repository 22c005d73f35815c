"""Whatever stands in content is shown as text: no element, attribute, address or formula of a site comes from it."""

from __future__ import annotations

import csv
import json
import re
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator.config import read_config
from tests.command import SMALL, run, write_project

EVIL = """<script>alert(1)</script><b onmouseover="x">&amp;"'`]]>--><!--{{7*7}}{%x%}</title></style>\\u003c"""
QUOTED = json.dumps(EVIL)
"""The text as a scalar of YAML, with its quotes."""
CELL = "=" + EVIL + ",\n;"


def hostile() -> dict[str, str]:
    """Return a project that says nothing else wherever it may say something."""
    files = dict(SMALL)
    site, paper, sidecar = (files[f"content/{n}.yaml"] for n in ("site", "sources", "data/spending"))
    for key in ("title", "council", "note", "attribution", "contact"):
        site = re.sub(rf"(?m)^{key}: .*$", lambda m, key=key: f"{key}: {QUOTED}", site)  # type: ignore[misc]
    files["content/site.yaml"] = site.replace("title: Open Government Licence v3.0", f"title: {QUOTED}")
    for key in ("title", "meeting", "publisher", "description"):
        paper = re.sub(rf"(?m)^  {key}: .*$", lambda m, key=key: f"  {key}: {QUOTED}", paper)  # type: ignore[misc]
    files["content/sources.yaml"] = paper
    for key in ("title", "description", "period"):
        sidecar = re.sub(rf"(?m)^{key}: .*$", lambda m, key=key: f"{key}: {QUOTED}", sidecar)  # type: ignore[misc]
    sidecar = sidecar.replace("item: Item 5, page: 3, table: Table 1", f"item: {QUOTED}, page: {QUOTED}")
    sidecar = re.sub(r"(title|description): [A-Z][A-Za-z ]+\.?(?=[,\n])", lambda m: f"{m[1]}: {QUOTED}", sidecar)
    files["content/data/spending.yaml"] = f"{sidecar}notes: [{QUOTED}]\n"
    cell = '"' + CELL.replace('"', '""') + '"'
    files["content/data/spending.csv"] = f"year,service,amount\n2023-24,{cell},-120.5\n2024-25,{cell},131.5 [p]\n"
    text = EVIL.replace("`", "")
    blocks = "".join(
        f"```{kind}\nid: {kind}-one\ndata: spending\n{keys}\ntitle: {QUOTED}\nsubtitle: {QUOTED}\n"
        f"notes: [{QUOTED}]\n```\n\n"
        for kind, keys in {
            "chart": f"kind: bar\nx: year\ny: amount\nseries: service\nalt: {json.dumps(EVIL + EVIL)}",
            "table": "columns: [year, service, amount]",
        }.items()
    )
    head = f"---\ntitle: {QUOTED}\ndescription: {QUOTED}\nsummary: {QUOTED}\nmenu: {QUOTED}\n---\n"
    body = f"## {text}\n\n{text} [{text}](/roads/ '{text}') `{text}`\n\n::: note {text}\n{text}\n:::\n\n"
    body += f"```python\n{EVIL}\n```\n\n| {text} |\n|-|\n| {text} |\n\n{text}[^1]\n\n[^1]: {text}\n\n"
    files["content/index.md"] = head + body + blocks
    files["content/roads/index.md"] = head + body
    return files


class Elements(HTMLParser):
    """Collects what a browser would see: elements, attributes, text and comments."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.comments: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("hostile"), hostile())
    made = run("build", "--root", root, "--output", root / "site")
    assert made.returncode == 0, made.stderr
    return root / "site"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("plain"))
    assert run("build", "--root", root, "--output", root / "site").returncode == 0
    return root / "site"


def pages(site: Path) -> dict[str, Elements]:
    return {p.relative_to(site).as_posix(): Elements(p.read_text(encoding="utf-8")) for p in site.rglob("*.html")}


def test_no_element_and_no_attribute_comes_from_content(site: Path, plain: Path) -> None:
    own = [(tag, name) for page in pages(plain).values() for tag, found in page.elements for name in ("", *found)]
    known = {name for _, name in own} | {"aria-describedby", "data-footnote", "title", "class", "id", "role"}
    tags = {tag for tag, _ in own} | {"aside", "sup", "section", "hr", "ol", "pre", "code", "b", "table", "thead", "th",
                                      "tr", "td", "tbody", "em"}  # fmt: skip
    for name, page in pages(site).items():
        assert {tag for tag, _ in page.elements} <= tags, name
        assert {key for _, found in page.elements for key in found} <= known, name
        assert not [found for tag, found in page.elements if tag == "script" and "src" not in found], name
        assert not [found for _, found in page.elements if any(key.startswith("on") for key in found)], name
        assert not [text for text in page.comments if "7*7" in text], name


def test_every_hostile_text_is_readable(site: Path) -> None:
    for name in ("index.html", "roads/index.html", "data/spending/index.html", "data/sources/budget-2024/index.html"):
        page = pages(site)[name]
        assert "{{7*7}}{%x%}" in "".join(page.texts), name
        assert "<script>alert(1)</script>" in "".join(page.texts), name


def test_addresses_lead_to_the_site_or_to_an_allowed_scheme(site: Path) -> None:
    for name, page in pages(site).items():
        for _, found in page.elements:
            for key in ("href", "src", "action", "content", "data-url"):
                value = found.get(key, "")
                if key != "content":
                    assert re.match(r"(https://|mailto:|#|[a-z0-9./_-]*(#[a-z0-9_-]*)?$)", value), (name, value)
                assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), (name, value)


def test_drawings_are_xml_without_foreign_elements(site: Path) -> None:
    drawings = re.findall(r"<svg.*?</svg>", (site / "index.html").read_text(encoding="utf-8"), re.DOTALL)
    assert drawings
    for drawing in drawings:
        for element in ET.fromstring(drawing).iter():
            assert element.tag.rpartition("}")[2] in {"svg", "g", "path", "text", "line", "rect", "circle", "title",
                                                      "desc", "defs", "clipPath", "tspan"}  # fmt: skip
            assert not [key for key in element.attrib if key.startswith("on") or "href" in key]


def test_files_for_machines_can_be_read_and_hold_the_text(site: Path) -> None:
    descriptor = json.loads((site / "data/spending/datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["title"] == EVIL
    assert descriptor["notes"] == [EVIL]
    assert ET.fromstring((site / "sitemap.xml").read_text(encoding="utf-8")).tag.endswith("urlset")
    with (site / "data/spending/spending.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["service"] for row in rows] == ["'" + CELL, "'" + CELL]
    assert [row["service"].removeprefix(descriptor["guard"]["prefix"]) for row in rows] == [CELL, CELL]
    assert [row["amount"] for row in rows] == ["-120.5", "131.5"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("url: https://www.nationalarchives.gov.uk", "url: javascript://www.nationalarchives.gov.uk"),
        ("url: https:", "url: "),
        ("base_url: https://small.example/", 'base_url: "https://small.example/\\nDisallow: /"'),
        ("base_url: https://small.example/", "base_url: https://small.example/?x=<y>"),
        ("base_url: https://small.example/", "base_url: https://small.example/\nlanguage: 'en\"'"),
    ],
)
def test_address_of_another_kind_is_refused(old: str, new: str) -> None:
    found = read_config(SMALL["content/site.yaml"].replace(old, new), "site.yaml").problems
    assert {problem.code for problem in found} <= {"bad-link", "wrong-type"}
    assert found


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let such names be written")
def test_names_of_files_are_refused_in_words(tmp_path: Path) -> None:
    write_project(tmp_path)
    names = ["<script>\"'&.md", "a\nb.png", "\x1b[2J.md", "nul.png", "a\\b.png", "\udcff.md", "com1.md"]
    for name in names:
        (tmp_path / "content" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    made = run("check", "--root", tmp_path)
    assert made.returncode == 1
    assert made.stderr.count(": error[bad-name]: ") == len(names)
    assert "\x1b" not in made.stderr
    assert "Traceback" not in made.stderr
