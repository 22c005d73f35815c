"""Find what the schema of Vega-Lite, as Altair ships it, does not allow in a mark and its encoding; say it plainly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import jsonschema

from generator.diagnostics import hint_for

Path = tuple[str | int, ...]
Finding = tuple[Path, bool, str, str]  # where it stands, whether its key is amiss, what it is, what to do
MOST = 20
"""Findings in one channel: whoever has more is better served by the documentation."""


def find_errors(mark: dict[str, Any], encoding: dict[str, Any]) -> list[Finding]:
    """Return what Vega-Lite does not take, the mark first, then channel by channel."""
    found = _findings(alt.MarkDef.validate, mark, ("mark",))
    for name, definition in encoding.items():
        whole = {"mark": "point", "encoding": {name: definition}, "data": {"values": []}}
        found += _findings(alt.Chart.validate, whole, ())
    return found


def _findings(validate: Callable[[dict[str, Any]], None], value: dict[str, Any], above: Path) -> list[Finding]:
    """Return the errors of *value*, which stands at *above*; each is taken out, so that the next one is met."""
    found: list[Finding] = []
    while len(found) < MOST:
        try:
            validate(value)
        except jsonschema.ValidationError as error:
            path, is_key, message, hint = _worded(error)
            if found and (error.validator == "required" or found[-1][0] == (*above, *path)):
                return found  # it comes of what was taken out
            found.append(((*above, *path), is_key, message, hint))
            value = without(value, path)
        else:
            return found
    return found


def _worded(error: Any) -> Finding:
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = sorted(error.schema.get("properties", {}))
        name = next((key for key in error.instance if key not in known), "")
        where = f" in '{path[-1]}'" if path else ""
        return (*path, name), True, f"Vega-Lite knows no '{name}'{where}", hint_for(name, known, "keys")
    if error.validator == "enum":
        choices = [str(choice) for choice in error.validator_value]
        message = f"Vega-Lite does not know '{error.instance}' as '{path[-1]}'"
        return path, False, message, hint_for(str(error.instance), choices, "values")
    return path, False, f"Vega-Lite does not take this: {error.message[:200]}", "see vega.github.io/vega-lite/docs"


def without(value: Any, path: Path) -> Any:
    """Return *value* without what stands at *path*.

    >>> without({"x": {"type": 1, "field": "a"}}, ("x", "type"))
    {'x': {'field': 'a'}}
    """
    if isinstance(value, dict):
        return {k: without(v, path[1:]) if path[:1] == (k,) else v for k, v in value.items() if (k,) != path}
    if isinstance(value, list):
        return [without(v, path[1:]) if path[:1] == (n,) else v for n, v in enumerate(value) if (n,) != path]
    return value
