"""Other site generators on the same pages: how each is set up, built and served; those not on the PATH are left out."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

PARAGRAPH = (
    "The council plans its spending each year, and says what each service may cost. "
    "This page is one of many of the same length, so that a build has something to read and to write. "
)
TABLE = "| Service | Before | After |\n|---|---:|---:|\n| Libraries | one | two |\n| Roads | three | four |\n"


def page(n: int, word: str = "first") -> str:
    """Return page *n* as markdown with front matter; *word* stands in it once, to be found again.

    >>> page(7).splitlines()[1]
    'title: Page 7 of the bench'
    """
    head = (
        f"---\ntitle: Page {n} of the bench\ndescription: One of many pages, written to measure how long builds take.\n"
        "checked: 2024-03-08\n---\n"
    )
    parts = [
        f"## Part {part}\n\n{PARAGRAPH * 4}\n\n- a list\n- of *three* lines\n- with **some** marks\n" for part in "ABC"
    ]
    return f"{head}The word is {word}.\n\n{TABLE}\n" + "\n".join(parts)


def pages(count: int) -> dict[str, str]:
    """Return *count* pages by path below the folder of the content, at most a hundred in a folder."""
    return {f"s{n // 100:02}/p{n:04}.md": page(n) for n in range(count)}


@dataclass(frozen=True, slots=True)
class Generator:
    """A program that turns a folder of markdown into a site."""

    name: str
    program: str
    build: Sequence[str]
    serve: Sequence[str]
    """``{port}`` stands for the port."""
    files: Mapping[str, str]
    """What a project needs besides its pages, by path."""
    output: str
    content: str = "content"

    @property
    def is_there(self) -> bool:
        """Whether it can be run on this machine."""
        return shutil.which(self.program) is not None

    def write(self, root: Path, sources: Mapping[str, str]) -> Path:
        """Write a project of these pages at *root*."""
        for path, text in {**self.files, **{f"{self.content}/{path}": text for path, text in sources.items()}}.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return root

    def command(self, words: Sequence[str], **values: object) -> list[str]:
        """Return a command with its place holders filled in."""
        return [self.program, *(word.format(**values) for word in words)]


_LAYOUT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body>{content}</body></html>"
)

OURS = Generator(
    "transparency",
    sys.executable,
    ("-m", "generator", "build"),
    ("-m", "generator", "serve", "--port", "{port}"),
    {
        "content/site.yaml": (
            "title: Figures\ncouncil: Bench Council\npublisher_role: council\nnote: Run by the council.\n"
            "base_url: https://figures.example/\nmenu: [/data/]\nfooter: [/data/]\ncontact: figures@bench.example\n"
            "licence: {title: Open Licence, url: https://licence.example/}\nattribution: Figures of the council.\n"
        ),
        "content/sources.yaml": "{}\n",
        "content/index.md": (
            "---\ntitle: Home\ndescription: The first page of a site that is made to be measured.\n"
            "summary: Measured.\nchecked: 2024-03-08\n---\nWelcome.\n"
        ),
    },
    "site",
)

PEERS = (
    Generator(
        "Hugo",
        "hugo",
        ("--quiet",),
        ("server", "--port", "{port}", "--bind", "127.0.0.1"),
        {
            "hugo.toml": 'baseURL = "https://figures.example/"\ndisableKinds = ["taxonomy", "term"]\n',
            "layouts/_default/single.html": _LAYOUT.format(title="{{ .Title }}", content="{{ .Content }}"),
            "layouts/_default/list.html": _LAYOUT.format(
                title="{{ .Title }}",
                content='{{ range .Pages }}<a href="{{ .RelPermalink }}">x</a>{{ end }}',
            ),
        },
        "public",
    ),
    Generator(
        "Eleventy",
        "eleventy",
        ("--quiet", "--input=content", "--output=out"),
        ("--quiet", "--input=content", "--output=out", "--serve", "--incremental", "--port={port}"),
        {
            "content/_includes/page.njk": _LAYOUT.format(title="{{ title }}", content="{{ content | safe }}"),
            "content/content.json": '{"layout": "page.njk"}',
        },
        "out",
    ),
    Generator(
        "MkDocs",
        "mkdocs",
        ("build", "--quiet"),
        ("serve", "--quiet", "--dev-addr", "127.0.0.1:{port}"),
        {
            "mkdocs.yml": "site_name: Figures\ndocs_dir: content\nsite_dir: out\nplugins: []\nnav: [index.md]\n",
            "content/index.md": "Welcome.\n",
        },
        "out",
    ),
    Generator(
        "Zensical",
        "zensical",
        ("build",),
        ("serve", "--dev-addr", "127.0.0.1:{port}"),
        {
            "zensical.toml": (
                '[project]\nsite_name = "Figures"\ndocs_dir = "content"\nsite_dir = "out"\nnav = ["index.md"]\n'
            ),
            "content/index.md": "Welcome.\n",
        },
        "out",
    ),
)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def run(command: Sequence[str], root: Path) -> None:
    """Run a command that must succeed in the folder *root*."""
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600, check=False)
    if found.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {found.returncode}: {found.stdout}{found.stderr}"[:2000])
