"""Mend sources where nothing is lost by it: extracts that are not in the plain form, acknowledgements without a use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.build import Options, load_config
from generator.datasets import PLAN
from generator.diagnostics import is_error
from generator.extracts import plain_extract
from generator.library import read_library
from generator.paths import SourcePath
from generator.removal import without_entries
from generator.sources import Snapshot, check_encoding

FOLDER = "content/data/"


def fixes(snapshot: Snapshot) -> Mapping[SourcePath, tuple[bytes, str]]:
    """Return what each source that can be mended becomes, and in words what is done to it."""
    return MappingProxyType({**_extracts(snapshot), **_sidecars(snapshot)})


def _extracts(snapshot: Snapshot) -> dict[SourcePath, tuple[bytes, str]]:
    made = {}
    for sidecar in snapshot.under(FOLDER, ".yaml"):
        if sidecar.path.endswith(PLAN):
            continue
        stem = sidecar.path.removesuffix(".yaml")
        extract = snapshot.sources.get(SourcePath(f"{stem}.csv"))
        text = (sidecar.path, snapshot.text(sidecar.path))
        plain = plain_extract(stem.removeprefix(FOLDER), text, (extract.path, extract.data)) if extract else None
        if extract and plain is not None:
            made[extract.path] = (plain, "written in the plain form")
    return made


def _sidecars(snapshot: Snapshot) -> dict[SourcePath, tuple[bytes, str]]:
    """Take needless acknowledgements out; while there is an error, a difference may only seem to be gone."""
    library = read_library(snapshot, load_config(snapshot, Options()).value)
    problems = (
        *library.problems,
        *(problem for source in snapshot.sources.values() for problem in check_encoding(source)),
    )
    if any(map(is_error, problems)):
        return {}
    needless: dict[SourcePath, list[tuple[int, int]]] = {}
    for problem in problems:
        if problem.code == "needless-acknowledgement":
            needless.setdefault(SourcePath(problem.at.path), []).append((problem.at.line, problem.at.column))
    made = {}
    for path, places in needless.items():
        many = "an acknowledgement that is" if len(places) == 1 else f"{len(places)} acknowledgements that are"
        text = without_entries(snapshot.text(path), "acknowledged", places)
        made[path] = (text.encode(), f"{many} no longer needed, removed")
    return made
