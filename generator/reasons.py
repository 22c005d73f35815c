"""Keep what the last build made and from what, and say why a file was made anew: the difference of its inputs.

The record also tells whether a build would change anything at all: it is named by everything that a build reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain

from generator.diagnostics import Diagnostic, Location, Severity
from generator.digest import Digest, digest
from generator.facts import NAMES, Inputs, Labelled, Reads
from generator.paths import OutputPath
from generator.sources import Snapshot

RECORD = digest("last build")
"""The name of the record in the store."""
LIBRARIES = ("altair", "jinja2", "markdown-it-py", "mdit-py-plugins", "pyyaml", "vl-convert-python")
WORDS = {
    "head of page": "title and summary of",
    "pages in section": "list of pages below",
    "checks": "checks of dataset",
    "ratings": "checks of dataset",
    "paper": "content/sources.yaml, paper",
}
"""How a kind of fact is called in front of its name, where its own word would not do."""
FOLLOWS = ("figures on the page", "what its links lead to", "figure", "drawing", "specification", "picture", "download",
           "checks of dataset")  # fmt: skip
"""Beginnings of labels of what follows from other inputs; they are no reason to name where another one is."""
MOST = 3


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of the site."""

    digest: Digest
    inputs: tuple[str, ...]
    why: tuple[str, ...]
    """Why it was last made anew."""


@dataclass(frozen=True, slots=True)
class Record:
    """A build that had no errors."""

    key: Digest
    """Names all that it read; see `key_for`."""
    facts: Mapping[str, Digest]
    """The digest of each input by its label."""
    files: Mapping[OutputPath, FileRecord]
    problems: tuple[Diagnostic, ...]
    counts: Mapping[str, int]


def key_for(snapshot: Snapshot, options: object, problems: Iterable[Diagnostic]) -> Digest:
    """Name everything that a build reads: sources, *options*, the program, and the *problems* met while reading."""
    sources = [part for path, source in snapshot.sources.items() for part in (path, source.digest)]
    return digest(program(), repr(options), repr(tuple(problems)), *sources)


@lru_cache(maxsize=1)
def program() -> Digest:
    """Name this version of the program: its own files, and the libraries that decide what a page looks like."""
    found = sorted(_files(files("generator"), ""))
    return digest(*(part for pair in found for part in pair), *map(_version, LIBRARIES))


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name.endswith((".py", ".js", ".css")):
            yield prefix + entry.name, entry.read_bytes()
        elif entry.is_dir() and not entry.name.startswith("_"):
            yield from _files(entry, f"{prefix}{entry.name}/")


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def record(
    key: Digest,
    outputs: Mapping[OutputPath, bytes],
    inputs: Mapping[OutputPath, Inputs],
    problems: tuple[Diagnostic, ...],
    counts: Mapping[str, int],
    snapshot: Snapshot,
    former: Record | None,
) -> Record:
    """Describe a build, with the reasons for each file that is not as *former* has it."""
    labels = _Labels(snapshot)
    made: dict[OutputPath, FileRecord] = {}
    for name, data in outputs.items():
        found = labels.of(*inputs[name])
        was = former.files.get(name) if former else None
        if former is None or was is None:
            why: tuple[str, ...] = ("first build",) if former is None else ("it is new",)
        else:
            why = tuple(_changes(was.inputs, former.facts, found, labels.facts)) or was.why
        made[name] = FileRecord(digest(data), found, why)
    return Record(key, labels.facts, made, problems, counts)


class _Labels:
    """Calls the inputs of files by words that an editor knows."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.facts: dict[str, Digest] = {"the program itself": program()}
        self._snapshot = snapshot
        self._known: dict[tuple[str, object], tuple[str, ...]] = {}

    def of(self, inputs: Labelled, reads: Reads) -> tuple[str, ...]:
        """Return the labels of what a file was made from."""
        found: dict[str, None] = {}
        for label, name in chain.from_iterable(part.items() for part in inputs):
            if label in ("figures on the page", "what its links lead to", "notice"):
                page = next((label for label in found if label.startswith("page ")), "")
                label = f"{label} ({page})"  # these words stand for something else on each page
            self.facts[label] = name
            found[label] = None
        for kind, keys in reads.items():
            for key, seen in keys.items():
                if (kind, key) not in self._known:
                    self._known[kind, key] = self._labels(kind, key, seen)
                found |= dict.fromkeys(self._known[kind, key])
        return (*found, "the program itself")

    def _labels(self, kind: str, key: object, seen: Digest | None) -> tuple[str, ...]:
        if kind in ("dataset", "download") and key != NAMES and seen:
            for stem in (f"content/data/{key}", f"content/data/codes/{key}"):
                if sidecar := self._snapshot.digest(f"{stem}.yaml"):
                    self.facts[f"dataset {stem}.csv"] = self._snapshot.digest(f"{stem}.csv") or Digest("")
                    self.facts[f"sidecar {stem}.yaml"] = sidecar
                    words = f"{kind} {key} as it is published"
                    self.facts[words] = seen
                    return f"dataset {stem}.csv", f"sidecar {stem}.yaml", words
        chart = self._snapshot.digest(f"content/charts/{key}.yaml") if kind == "figure" else None
        if chart and seen:
            label = f"chart content/charts/{key}.yaml"
            self.facts |= {label: chart, f"figure {key}": seen}
            return label, f"figure {key}"
        name = " ".join(key) if isinstance(key, tuple) else str(key)
        label = f"names of all of the kind: {kind}" if key == NAMES else f"{WORDS.get(kind, kind)} {name}"
        self.facts[label] = seen or Digest("")
        return (label,)


def _changes(
    former: Iterable[str], was: Mapping[str, Digest], present: Iterable[str], facts: Mapping[str, Digest]
) -> list[str]:
    """Say what differs between two lists of inputs, what others follow from first.

    >>> labels = ["page a.md", "figure f"]
    >>> _changes(labels, dict.fromkeys(labels, Digest("1")), labels, dict.fromkeys(labels, Digest("2")))
    ['page a.md changed']
    """
    before, after = dict.fromkeys(former), dict.fromkeys(present)
    found = [f"{label} changed" for label in after if label in before and was[label] != facts[label]]
    found += [f"{label} is used now" for label in after if label not in before]
    found += [f"{label} is not used any more" for label in before if label not in after]
    causes = [text for text in found if not text.startswith(FOLLOWS) and "as it is published" not in text]
    shown = causes or found
    return [*shown[:MOST], *([f"and {len(shown) - MOST} more"] if len(shown) > MOST else [])]


def changed_why(present: Record, names: Iterable[OutputPath]) -> Iterator[str]:
    """Say of each file why it was made anew."""
    for name in names:
        if name in present.files:
            yield f"{name}: {', '.join(present.files[name].why)}"


def explain(present: Record, output: OutputPath) -> Iterator[str]:
    """Say what a file was made from, the editor's own files first, and why it was last made anew."""
    found = present.files[output]
    yield f"{output} was last made anew because: {', '.join(found.why)}"
    yield "It is made from:"
    for label in sorted(found.inputs, key=lambda label: ("content/" not in label, label)):
        if not label.startswith(FOLLOWS) and "as it is published" not in label:
            none = "no page is written for it" if label.startswith(WORDS["head of page"]) else "there is none"
            yield f"  {label}{'' if present.facts[label] else f' ({none})'}"


def to_text(present: Record) -> str:
    """Write a record so that `from_text` reads it back."""
    labels = {label: number for number, label in enumerate(present.facts)}
    return json.dumps(
        {
            "key": present.key,
            "facts": dict(present.facts),
            "files": {
                name: [file.digest, [labels[label] for label in file.inputs], file.why]
                for name, file in present.files.items()
            },
            "problems": [{**asdict(problem), "severity": problem.severity.value} for problem in present.problems],
            "counts": dict(present.counts),
        },
        ensure_ascii=False,
    )


def from_text(text: str | None) -> Record | None:
    """Read a record; one that cannot be read is none."""
    try:
        found = json.loads(text or "")
        labels = list(found["facts"])
        return Record(
            key=found["key"],
            facts=found["facts"],
            files={
                name: FileRecord(seen, tuple(labels[number] for number in inputs), tuple(why))
                for name, (seen, inputs, why) in found["files"].items()
            },
            problems=tuple(
                Diagnostic(**{**p, "at": Location(**p["at"]), "severity": Severity(p["severity"])})
                for p in found["problems"]
            ),
            counts=found["counts"],
        )
    except (ValueError, KeyError, IndexError, TypeError):
        return None
