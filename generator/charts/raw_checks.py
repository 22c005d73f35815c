"""Check the words of Vega-Lite that authors wrote by its schema, and remember what came of it.

The schema is dear to load, so each text is checked once: a second build asks the memory alone.
"""

from __future__ import annotations

import json
from importlib.metadata import version

from generator.charts.raw import RawSpec, place_of, plain
from generator.diagnostics import Diagnostic
from generator.digest import digest
from generator.memo import Store

FORMAT = "1"
"""Raised when the words of the findings change."""


def check_schema(spec: RawSpec, store: Store) -> list[Diagnostic]:
    """Return what the schema does not allow in *spec*, each at its place."""
    mark, encoding = plain(spec.mark), plain(spec.encoding)
    text = json.dumps([mark, encoding], sort_keys=True, ensure_ascii=False)
    key = digest("vega-lite", FORMAT, version("altair"), text)
    remembered = store.recall(key)
    if remembered is None:
        from generator.charts.schema import find_errors  # Altair takes half a second to import: only when needed

        remembered = json.dumps(find_errors(mark, encoding))
        store.remember(key, remembered)
    tables = {"mark": spec.mark, "encoding": spec.encoding}
    return [
        Diagnostic("bad-vega", message, place_of(tables[top], tuple(path), is_key=is_key), hint=hint)
        for (top, *path), is_key, message, hint in json.loads(remembered)
    ]
