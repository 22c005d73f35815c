"""Read YAML strictly: every key and value with its place, no aliases, no duplicate keys, no guessed types.

Scalars stay text until a reader asks for a type, so that ``2024-25``, ``no`` and ``010`` mean what the editor wrote.  A
`Reader` hands out the values of one table by key, notes what is wrong, and reports the keys that nobody asked for.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.diagnostics import Checked, Diagnostic, Location, did_you_mean, hint_for

MAX_BYTES = 128 * 1024
MAX_DEPTH = 30
TOO_DEEP = "this is nested too deep"
HALF = "this text holds half a character"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written."""

    value: str
    at: Location
    is_quoted: bool = field(default=False, compare=False)
    """Whether it is a text even if it looks like a number."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    values: tuple[Node, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a table with its value."""

    key_at: Location
    node: Node


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; keys keep their order."""

    entries: Mapping[str, Entry]
    at: Location


Node = Text | Items | Table


def parse_yaml(text: str, path: str, *, first_line: int = 1) -> Checked[Table]:
    """Parse a document whose top is a table; *first_line* is where *text* begins in its file."""
    empty = Table({}, Location(path, first_line))
    if len(text.encode(errors="replace")) > MAX_BYTES:
        message, hint = f"more than {MAX_BYTES // 1024} kB of YAML", "split it, or move what is long elsewhere"
        return Checked(empty, (Diagnostic("yaml-too-large", message, empty.at, hint=hint),))
    try:
        node, problems = _read(text, path, first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Location(path, mark.line + first_line, mark.column + 1) if mark else empty.at
        return Checked(empty, (Diagnostic("yaml-syntax", _plain(error.problem or str(error)), at, hint=_hint(error)),))
    except (yaml.YAMLError, ValueError) as error:
        return Checked(empty, (Diagnostic("yaml-syntax", f"this is not YAML: {error}", empty.at),))
    if node is None:
        return Checked(empty, tuple(problems))
    if not isinstance(node, Table):
        problems.append(Diagnostic("yaml-type", "expected keys with values here", node.at, hint="write 'key: value'"))
        return Checked(empty, tuple(problems))
    return Checked(node, tuple(problems))


def _read(text: str, path: str, first_line: int) -> tuple[Node | None, list[Diagnostic]]:
    """Return the root node; the fast parser reads, the slow one words its complaints, the same on any machine."""
    try:
        return _Composer(text, _LOADER, path, first_line).document()
    except yaml.YAMLError:
        return _Composer(text, yaml.SafeLoader, path, first_line).document()


def _plain(problem: str) -> str:
    return {
        "mapping values are not allowed here": "a colon stands where no key can be",
        "found character '\\t' that cannot start any token": "a tab character indents this line",
        TOO_DEEP: TOO_DEEP,
        HALF: HALF,
    }.get(problem, f"this is not YAML: {problem}")


def _hint(error: yaml.MarkedYAMLError) -> str:
    if error.problem and "\\t" in error.problem:
        return "indent with spaces"
    if error.problem == "mapping values are not allowed here":
        return "put the text that holds a colon into quotes"
    return {TOO_DEEP: "write it flatter", HALF: "write the character itself"}.get(error.problem or "", "")


class _Composer:
    """Builds nodes from the events of a parser, one at a time: PyYAML's own composer overflows on deep nesting."""

    def __init__(self, text: str, loader: Any, path: str, first_line: int) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))
        self.path = path
        self.first_line = first_line
        self.problems: list[Diagnostic] = []

    def document(self) -> tuple[Node | None, list[Diagnostic]]:
        """Return the root of the only document, or nothing if there is none."""
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    mark: Any = event.start_mark
                    raise yaml.MarkedYAMLError("expected a single document", None, "but found another document", mark)
                root = self.node(next(self.events), 0)
        return root, self.problems

    def node(self, event: Any, depth: int) -> Node:
        """Build the node that begins with *event*."""
        if depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, TOO_DEEP, event.start_mark)
        at = self.at(event, event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            hint = "write the value out"
            self.problems.append(Diagnostic("yaml-alias", "anchors and aliases are not allowed", at, hint=hint))
        if isinstance(event, yaml.AliasEvent):
            return Text("", at)
        if event.tag is not None:
            message = f"the tag '{event.tag}' is not allowed"
            self.problems.append(Diagnostic("yaml-tag", message, at, hint="leave the tag out"))
        if isinstance(event, yaml.ScalarEvent):
            if any("\ud800" <= ch <= "\udfff" for ch in event.value):  # "\ud83d" in quotes: no text can hold it
                mark: Any = event.start_mark
                raise yaml.MarkedYAMLError(None, None, HALF, mark)
            return Text(event.value, at, is_quoted=bool(event.style))
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(event, depth)
        return self.table(event, depth)

    def items(self, start: Any, depth: int) -> Items:
        """Build a list."""
        values = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self.node(event, depth + 1))
        return Items(tuple(values), self.at(start, event))

    def table(self, start: Any, depth: int) -> Table:
        """Build a table; the first of two equal keys wins."""
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Text):
                self.problems.append(Diagnostic("yaml-type", "a key must be a word", key.at))
            elif key.value in entries:
                before = entries[key.value].key_at.line
                message = f"the key '{key.value}' stands here for the second time"
                hint = f"the first is in line {before}"
                self.problems.append(Diagnostic("yaml-duplicate-key", message, key.at, hint=hint))
            else:
                entries[key.value] = Entry(key.at, value)
        return Table(entries, self.at(start, event))

    def at(self, first: Any, last: Any) -> Location:
        """Return the place from the beginning of one event to the end of another, as far as it is in one line."""
        start, end = first.start_mark, last.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Location(self.path, start.line + self.first_line, start.column + 1, max(width, 1))


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*|-?[0-9]+(\.[0-9]+)?")


def yaml_text(text: str) -> str:
    r"""Write a text as YAML, plain where it cannot be mistaken.

    >>> yaml_text("North"), yaml_text("2024-25"), yaml_text("a: b\x7f"), yaml_text("860 [p]")
    ('North', '"2024-25"', '"a: b\\u007f"', '"860 [p]"')
    """
    if _PLAIN.fullmatch(text):
        return text
    return re.sub(r"[\x7f-\x9f\ufeff\u2028\u2029\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}",
                  json.dumps(text, ensure_ascii=False))  # fmt: skip


class Reader:
    """One table while it is read.  Problems go to the list that was given; `close` reports unknown keys."""

    def __init__(self, table: Table, what: str, problems: list[Diagnostic]) -> None:
        """Read *table*; *what* names it in messages, e.g. ``the sidecar``."""
        self.table = table
        self.what = what
        self.problems = problems
        self._asked: list[str] = []

    def problem(self, code: str, message: str, at: Location, hint: str = "") -> None:
        """Note a problem at a place of this table."""
        self.problems.append(Diagnostic(code, message, at, hint=hint))

    def at(self, key: str) -> Location:
        """Return the place of the value of *key*, or of the table."""
        entry = self.table.entries.get(key)
        return entry.node.at if entry else self.table.at

    def has(self, key: str) -> bool:
        """Tell whether the editor wrote *key*."""
        return key in self.table.entries

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """Return the value of *key* as written."""
        self._asked.append(key)
        entry = self.table.entries.get(key)
        if entry is None and required:
            self.problem("missing-key", f"{self.what} has no '{key}'", self.table.at, f"add '{key}: …'")
        return entry.node if entry else None

    def text(self, key: str, *, required: bool = False, default: str = "", remedy: str = "") -> str:
        """Return a text; an empty one counts as missing, and *remedy* says what to write."""
        node = self.node(key, required=required)
        if node is None:
            return default
        if not isinstance(node, Text):
            self.problem("wrong-type", f"'{key}' must be a text", node.at)
            return default
        if required and not node.value.strip():
            self.problem("missing-key", f"'{key}' is empty", node.at, remedy or f"write the {key} of {self.what}")
        return node.value.strip() or default

    def choice(self, key: str, choices: Iterable[str], *, required: bool = False, default: str = "") -> str:
        """Return one of *choices*."""
        known = list(choices)
        remedy = hint_for("", known, f"values of '{key}'")
        value = self.text(key, required=required, default=default, remedy=remedy)
        if value and value not in known:
            self.problem("unknown-value", f"'{value}' is not a {key.replace('_', ' ')}", self.at(key),
                         hint_for(value, known, f"values of '{key}'"))  # fmt: skip
            return default
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[Text, ...]:
        """Return a list of texts; a single text is a list of one.  One that is *required* has at least one."""
        node = self.node(key, required=required)
        if node is None:
            return ()
        values = node.values if isinstance(node, Items) else (node,)
        if required and not values:
            self.problem("missing-key", f"'{key}' is empty", node.at)
        for value in values:
            if not isinstance(value, Text):
                self.problem("wrong-type", f"'{key}' must be a text or a list of texts", value.at)
        return tuple(value for value in values if isinstance(value, Text))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.choice(key, ("true", "false"), default="true" if default else "false")
        return value == "true"

    def whole(self, key: str, *, default: int = 0) -> int:
        """Return a whole number."""
        value = self.text(key)
        if value and not re.fullmatch(r"-?[0-9]{1,9}", value):
            self.problem("wrong-type", f"'{key}' must be a whole number", self.at(key))
            return default
        return int(value) if value else default

    def date(self, key: str) -> datetime.date | None:
        """Return an ISO date."""
        value = self.text(key)
        if not value:
            return None
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.problem("wrong-type", f"'{value}' is not a date", self.at(key), "write it as 2024-03-31")
            return None

    def reader(self, key: str, what: str, *, required: bool = False) -> Reader | None:
        """Return a reader of the table under *key*."""
        node = self.node(key, required=required)
        return self._reader(node, key, what) if node is not None else None

    def readers(self, key: str, what: str, *, required: bool = False) -> list[Reader]:
        """Return readers of the tables in the list under *key*."""
        node = self.node(key, required=required)
        if node is None:
            return []
        if not isinstance(node, Items):
            self.problem("wrong-type", f"'{key}' must be a list", node.at, "begin each entry with '- '")
            return []
        return [found for child in node.values if (found := self._reader(child, key, what))]

    def _reader(self, node: Node, key: str, what: str) -> Reader | None:
        if isinstance(node, Table):
            return Reader(node, what, self.problems)
        self.problem("wrong-type", f"'{key}' must hold keys with values", node.at)
        return None

    def rest(self) -> dict[str, Entry]:
        """Return the entries that nobody asked for yet, and take them as asked."""
        left = {key: entry for key, entry in self.table.entries.items() if key not in self._asked}
        self._asked.extend(left)
        return left

    def close(self) -> None:
        """Report the keys that nobody asked for."""
        for key, entry in self.table.entries.items():
            if key not in self._asked:
                hint = did_you_mean(key, self._asked) or f"keys are: {', '.join(sorted(set(self._asked)))}"
                self.problem("unknown-key", f"{self.what} has no key '{key}'", entry.key_at, hint)
