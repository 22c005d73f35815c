"""Take entries out of a list in YAML and leave every other line as the editor wrote it, comments included."""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The line breaks of YAML."""


def without_entries(text: str, key: str, places: Iterable[tuple[int, int]]) -> str:
    r"""Return *text* without the entries of the list under *key* that begin at *places*, each a line and a column.

    The last entry takes the key with it.

    >>> without_entries("a: 1\nold:\n  - {b: 2}\n  - c: 3\n    d: 4\n", "old", [(4, 5)])
    'a: 1\nold:\n  - {b: 2}\n'
    >>> without_entries("a: 1\nold: [{b: 2}, {c: 3}]\nd: 4\n", "old", [(2, 7), (2, 15)])
    'a: 1\nd: 4\n'
    """
    for line, column in sorted(places, reverse=True):  # from the last one on, so that the other places stay true
        text = _without(text, key, line, column)
    return text


def _without(text: str, key: str, line: int, column: int) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return text
    for name, held in root.value:
        if name.value == key and isinstance(held, yaml.SequenceNode):
            starts = [(entry.start_mark.line + 1, entry.start_mark.column + 1) for entry in held.value]
            if (line, column) not in starts:
                return text
            if len(starts) == 1 and not root.flow_style:
                return _without_lines(text, name.start_mark, held)
            position = starts.index((line, column))
            if held.flow_style:
                return _without_item(text, held.value, position)
            return _without_lines(text, _dash(text, held.value[position]), held.value[position])
    return text


def _dash(text: str, entry: yaml.Node) -> yaml.Mark:
    """Return the place of the dash before a block entry; it may stand in a line of its own."""
    dashes: list[yaml.Mark] = [token.start_mark for token in yaml.scan(text) if isinstance(token, yaml.BlockEntryToken)]
    return max((mark for mark in dashes if mark.index < entry.start_mark.index), key=lambda mark: mark.index)


def _without_lines(text: str, first: yaml.Mark, node: yaml.Node) -> str:
    last = _end(node)
    found = _LINE_END.search(text, last.index)
    end = last.index if last.column == 0 else found.end() if found else len(text)  # a block text ends with its line
    return text[: first.index - first.column] + text[end:]


def _without_item(text: str, items: list[yaml.Node], position: int) -> str:
    """Take out one item of a list in brackets, with the comma that sets it off."""
    start, end = items[position].start_mark.index, items[position].end_mark.index
    if position + 1 < len(items):
        end = items[position + 1].start_mark.index
    elif position:
        start = items[position - 1].end_mark.index
    return text[:start] + text[end:]


def _end(node: yaml.Node) -> yaml.Mark:
    """Return where the last word of *node* ends; a node in block style itself ends where the next one begins."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return node.end_mark
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
