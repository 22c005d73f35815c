"""Add entries to YAML that an editor wrote, and leave every other line as it is, comments included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import yaml

from generator.positioned import yaml_text


def flow(values: Mapping[str, str]) -> str:
    """Write keys with values in one line; empty values are left out.

    >>> flow({"paper": "cabinet-2024-09", "period": "Quarter 1, 2024/25", "item": ""})
    '{paper: cabinet-2024-09, period: "Quarter 1, 2024/25"}'
    """
    return "{" + ", ".join(f"{key}: {yaml_text(value)}" for key, value in values.items() if value) + "}"


def with_paper(text: str, name: str, values: Iterable[tuple[str, str]]) -> str:
    r"""Append a table under a new key at the end of a document; empty values are left out.

    >>> with_paper("a:\n  title: A\n", "b", [("title", "B, C"), ("meeting", "")])
    'a:\n  title: A\nb:\n  title: "B, C"\n'
    """
    above = text if not text or text.endswith("\n") else f"{text}\n"
    return above + "\n".join([f"{name}:", *(f"  {key}: {yaml_text(value)}" for key, value in values if value)]) + "\n"


def with_entry(text: str, key: str, entry: str) -> str:
    r"""Append *entry*, one line of YAML, to the list in block style under *key* at the top of a document.

    >>> with_entry("a: 1\nold:  # first\n  - {b: 2}\n  # last\nc: 3\n", "old", "{b: 3}")
    'a: 1\nold:  # first\n  - {b: 2}\n  - {b: 3}\n  # last\nc: 3\n'
    """
    for name, held in _entries(text):
        if name.value == key and isinstance(held, yaml.SequenceNode) and held.value and not held.flow_style:
            lines = text.splitlines(keepends=True)
            last = held.value[-1]
            after = last.end_mark.line + (1 if last.end_mark.column else 0)
            lines.insert(after, f"{' ' * held.start_mark.column}- {entry}\n")
            return "".join(lines)
    return f"{text}{key}:\n  - {entry}\n"


def with_value(text: str, key: str, value: str) -> str:
    r"""Set a text under *key* at the top of a document: in place, or in a new line at the end.

    >>> with_value("a: 1\nb: 2\n", "a", "3"), with_value("a: 1\n", "b", "x y")
    ('a: 3\nb: 2\n', 'a: 1\nb: "x y"\n')
    """
    shown = yaml_text(value)
    for name, held in _entries(text):
        if name.value == key:
            return text[: held.start_mark.index] + shown + text[held.end_mark.index :]
    return f"{text}{key}: {shown}\n"


def _entries(text: str) -> list[tuple[yaml.Node, yaml.Node]]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return root.value if isinstance(root, yaml.MappingNode) else []
