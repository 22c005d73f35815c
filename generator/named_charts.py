"""Charts that stand in a file of their own, ``content/charts/<id>.yaml``, so that several pages can show one.

A page shows one by a ``chart`` block that only names it, with ``use``.  It is the same wherever it stands: a page
changes nothing of it, since it has one address, one citation and one picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.diagnostics import Checked, Diagnostic, Location, Severity, hint_for
from generator.markdown import BlockPart
from generator.positioned import Entry, Table, Text, parse_yaml
from generator.sources import Snapshot

CHARTS = "content/charts/"


def read_named_charts(snapshot: Snapshot) -> Checked[Mapping[str, BlockPart]]:
    """Return the block of each named chart; the name of its file is its ``id``."""
    found: dict[str, BlockPart] = {}
    problems: list[Diagnostic] = []
    for source in snapshot.under(CHARTS, ".yaml"):
        name, at = source.path.removeprefix(CHARTS).removesuffix(".yaml"), Location(source.path)
        parsed = parse_yaml(snapshot.text(source.path), source.path)
        problems += parsed.problems
        entries = dict(parsed.value.entries)
        if "id" in entries:
            hint = f"leave it out: the name of the file is the id, '{name}'"
            message = "a chart in a file of its own has no key 'id'"
            problems.append(Diagnostic("unknown-key", message, entries["id"].key_at, hint=hint))
        entries["id"] = Entry(at, Text(name, at))
        if not parsed.problems:
            found[name] = BlockPart("chart", Table(entries, parsed.value.at), Location(source.path, 1, 1))
        else:
            found[name] = BlockPart("chart", Table({}, parsed.value.at), at)  # known, so that pages may name it
    return Checked(MappingProxyType(found), tuple(problems))


def used_chart(block: BlockPart) -> Text | None:
    """Return the name that a block gives instead of a chart."""
    entry = block.table.entries.get("use") if block.kind == "chart" else None
    if entry is None:
        return None
    return entry.node if isinstance(entry.node, Text) else Text("", entry.node.at)


def check_use(block: BlockPart, used: Text, named: Mapping[str, object], problems: list[Diagnostic]) -> bool:
    """Tell whether there is a chart called *used*; note it if not, and whatever else the block says."""
    for key, entry in block.table.entries.items():
        if key != "use":
            message = f"a named chart is the same on every page, so '{key}' cannot stand here"
            hint = f"change {CHARTS}{used.value}.yaml, or write the whole chart here without 'use'"
            problems.append(Diagnostic("unknown-key", message, entry.key_at, hint=hint))
    if not used.value:
        problems.append(
            Diagnostic("wrong-type", "'use' must be the name of one chart", used.at, hint="e.g. 'use: staff'")
        )
    elif used.value not in named:
        hint = hint_for(used.value, list(named), "charts") or f"write {CHARTS}{used.value}.yaml"
        message = f"there is no chart '{used.value}' in {CHARTS}"
        problems.append(Diagnostic("unknown-chart", message, used.at, hint=hint))
    return used.value in named


def unused_chart(name: str) -> Diagnostic:
    """Return the note on a chart that no page shows."""
    message = f"no page shows this chart; readers find it at /figures/{name}/ alone"
    hint = f"write a chart block with 'use: {name}' on a page, or remove the file"
    return Diagnostic("unused-chart", message, Location(f"{CHARTS}{name}.yaml"), Severity.NOTE, hint)
