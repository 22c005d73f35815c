"""Read YAML strictly: every key and value with its place, no aliases, no duplicate keys, no guessed types.

Scalars stay text until a reader asks for a type, so that ``2024-25``, ``no`` and ``010`` mean what the editor wrote.  A
`Reader` hands out the values of one table by key, notes what is wrong, and reports the keys that nobody asked for.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from generator.diagnostics import Checked, Diagnostic, Location, did_you_mean, hint_for

MAX_BYTES = 512 * 1024
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written."""

    value: str
    at: Location


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
    if len(text.encode()) > MAX_BYTES:
        return Checked(empty, (Diagnostic("yaml-too-large", f"more than {MAX_BYTES // 1024} kB of YAML", empty.at),))
    try:
        root = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Location(path, mark.line + first_line, mark.column + 1) if mark else empty.at
        return Checked(empty, (Diagnostic("yaml-syntax", _plain(error.problem or str(error)), at, hint=_hint(error)),))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Checked(empty, (Diagnostic("yaml-syntax", f"this is not YAML: {error}", empty.at),))
    if root is None:
        return Checked(empty)
    problems: list[Diagnostic] = []
    try:
        node = _convert(root, path, first_line, problems, set())
    except RecursionError:
        problem = Diagnostic("yaml-syntax", "this is nested too deep", empty.at, hint="write it flatter")
        return Checked(empty, (problem,))
    if not isinstance(node, Table):
        problems.append(Diagnostic("yaml-type", "expected keys with values here", node.at, hint="write 'key: value'"))
        return Checked(empty, tuple(problems))
    return Checked(node, tuple(problems))


def _compose(text: str) -> yaml.Node | None:
    """Return the root node; the fast parser reads, the slow one words its complaints, the same on any machine."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


def _plain(problem: str) -> str:
    return {
        "mapping values are not allowed here": "a colon stands where no key can be",
        "found character '\\t' that cannot start any token": "a tab character indents this line",
    }.get(problem, f"this is not YAML: {problem}")


def _hint(error: yaml.MarkedYAMLError) -> str:
    if error.problem and "\\t" in error.problem:
        return "indent with spaces"
    if error.problem == "mapping values are not allowed here":
        return "put the text that holds a colon into quotes"
    return ""


def _convert(node: yaml.Node, path: str, first: int, problems: list[Diagnostic], seen: set[int]) -> Node:
    start, end = node.start_mark, node.end_mark
    width = end.column - start.column if end.line == start.line else 1
    at = Location(path, start.line + first, start.column + 1, max(width, 1))
    if id(node) in seen:
        problems.append(Diagnostic("yaml-alias", "anchors and aliases are not allowed", at, hint="write the value out"))
        return Text("", at)
    seen.add(id(node))
    if not node.tag.startswith("tag:yaml.org,2002:"):
        problems.append(Diagnostic("yaml-tag", f"the tag '{node.tag}' is not allowed", at, hint="leave the tag out"))
    if isinstance(node, yaml.ScalarNode):
        return Text(node.value, at)
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_convert(child, path, first, problems, seen) for child in node.value), at)
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key = _convert(key_node, path, first, problems, seen)
        value = _convert(value_node, path, first, problems, seen)
        if not isinstance(key, Text):
            problems.append(Diagnostic("yaml-type", "a key must be a word", key.at))
        elif key.value in entries:
            before = entries[key.value].key_at.line
            message = f"the key '{key.value}' stands here for the second time"
            problems.append(Diagnostic("yaml-duplicate-key", message, key.at, hint=f"the first is in line {before}"))
        else:
            entries[key.value] = Entry(key.at, value)
    return Table(entries, at)


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

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """Return a text; an empty one counts as missing."""
        node = self.node(key, required=required)
        if node is None:
            return default
        if not isinstance(node, Text):
            self.problem("wrong-type", f"'{key}' must be a text", node.at)
            return default
        if required and not node.value.strip():
            self.problem("missing-key", f"'{key}' is empty", node.at, f"write the {key} of {self.what}")
        return node.value.strip() or default

    def choice(self, key: str, choices: Iterable[str], *, required: bool = False, default: str = "") -> str:
        """Return one of *choices*."""
        value = self.text(key, required=required, default=default)
        known = list(choices)
        if value and value not in known:
            self.problem("unknown-value", f"'{value}' is not a {key.replace('_', ' ')}", self.at(key),
                         hint_for(value, known, f"values of '{key}'"))  # fmt: skip
            return default
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[Text, ...]:
        """Return a list of texts; a single text is a list of one."""
        node = self.node(key, required=required)
        if node is None:
            return ()
        values = node.values if isinstance(node, Items) else (node,)
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
