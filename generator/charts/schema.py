"""Check the words of Vega-Lite that authors wrote by its schema, as Altair ships it, and remember what came of it.

The schema is large and dear to load, so each text is checked once: a second build asks the memory alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from generator.charts.raw import RawSpec, place_of, plain
from generator.diagnostics import Diagnostic, hint_for
from generator.digest import digest
from generator.memo import Store

FORMAT = "1"
"""Raised when the words of the problems below change."""

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]  # where it stands below mark or encoding, what is amiss, what to do


def check_schema(spec: RawSpec, store: Store) -> list[Diagnostic]:
    """Return what the schema does not allow in *spec*, each at its place."""
    mark, encoding = plain(spec.mark), plain(spec.encoding)
    text = json.dumps([mark, encoding], sort_keys=True, ensure_ascii=False)
    key = digest("vega-lite", FORMAT, version("altair"), text)
    remembered = store.recall(key)
    if remembered is None:
        remembered = json.dumps(_check(mark, encoding))
        store.remember(key, remembered)
    return [
        Diagnostic("bad-vega", message, place_of({"mark": spec.mark, "encoding": spec.encoding}[top], tuple(path)),
                   hint=hint)
        for (top, *path), message, hint in json.loads(remembered)
    ]  # fmt: skip


def _check(mark: dict[str, Any], encoding: dict[str, Any]) -> list[Finding]:
    import altair as alt  # half a second: only for words that were not checked before

    found = _errors(alt.MarkDef.validate, mark, ("mark",))
    for name, definition in encoding.items():
        whole = {"mark": "point", "encoding": {name: definition}, "data": {"values": []}}
        found += _errors(alt.Chart.validate, whole, ())
    return found


def _errors(validate: Callable[[dict[str, Any]], None], value: dict[str, Any], above: Path) -> list[Finding]:
    """Return the first error of *value* in plain words; the nearest to the leaves, as Altair sorts them."""
    import jsonschema

    try:
        validate(value)
    except jsonschema.ValidationError as error:
        path: Path = (*above, *error.absolute_path)
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            known = sorted(error.schema.get("properties", {}))
            name = next((key for key in error.instance if key not in known), "")
            return [((*path, name), f"Vega-Lite knows no '{name}' in '{path[-1]}'", hint_for(name, known, "keys"))]
        if error.validator == "enum":
            choices = [str(choice) for choice in error.validator_value]
            message = f"Vega-Lite does not know '{error.instance}' as '{path[-1]}'"
            return [(path, message, hint_for(str(error.instance), choices, "values"))]
        return [(path, f"Vega-Lite does not take this: {error.message[:200]}", "see vega.github.io/vega-lite/docs")]
    return []
