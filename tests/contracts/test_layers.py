"""Imports point downwards only, and what touches the world stands at the rim."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parents[2] / "generator"

LAYERS = (
    "charsets diagnostics digest paths patterns quantities removal contexts headers intervals",
    "charts.fills charts.theme",
    "cells facts sources memo served restarts charts.poster charts.schema charts.workers papers",
    "editors positioned references reports roles watch server output",
    "additions addresses config assets feeds intake reasons templates terminal claims charts.svg",
    "attachments rating_rules",
    "datasets",
    "editions frontmatter sidecars terms totalrows words",
    "changes codes downloads extracts instances prose workbooks",
    "corrections mappings",
    "imports",
    "indicators",
    "pending",
    "markdown mixing verdicts",
    "named_charts reconcile",
    "charts.spec",
    "charts.raw charts.refusals charts.thresholds",
    "charts.raw_checks charts.shape",
    "charts.milestones charts.raw_data",
    "limits majorities",
    "ratings updates audit.figures audit.clues charts.indicators",
    "audit.guesses audit.frames",
    "audit.totals audit.relations audit.links audit.runs audit.labels",
    "audit.findings",
    "audit.proofs audit.report",
    "proposals",
    "charts.describe charts.explore charts.frame charts.raw_drawing operands tables",
    "charts.civic",
    "charts.cards charts.lines charts.panels charts.parts charts.points",
    "aggregates charts.kinds records",
    "values",
    "wording",
    "comparison figures",
    "library sheets",
    "links",
    "relations",
    "site",
    "press starts",
    "views",
    "planner",
    "changes_page checks_page data_pages",
    "figure_pages",
    "plan",
    "build",
    "fixes review runs",
    "console review_page",
    "cli_new desk desk_review serving",
    "cli",
    "__main__",
)
"""Each module imports from the lines above its own only."""

RIM = frozenset({
    "sources", "memo", "watch", "server", "output", "charts.svg", "charts.workers", "cli", "cli_new", "console", "desk",
    "desk_review", "editors", "restarts", "runs", "served", "serving", "terminal",
})  # fmt: skip
"""The modules that read and write the world; all others turn values into values."""

WORLD = frozenset({
    "asyncio", "concurrent", "ctypes", "fcntl", "getpass", "glob", "http", "locale", "multiprocessing", "os", "pathlib",
    "pickle", "platform", "random", "secrets", "shelve", "shutil", "signal", "socket", "socketserver", "sqlite3", "ssl",
    "subprocess", "tempfile", "threading", "time", "urllib", "uuid", "webbrowser",
})  # fmt: skip
"""Modules of the standard library that touch disk, network, clock, processes or chance."""

USERS = {
    "altair": {
        "charts.cards",
        "charts.civic",
        "charts.frame",
        "charts.kinds",
        "charts.lines",
        "charts.panels",
        "charts.parts",
        "charts.points",
        "charts.schema",
    },
    "click": {"cli", "cli_new", "console", "desk", "desk_review", "serving", "terminal"},
    "jinja2": {"review_page", "templates", "views"},
    "jsonschema": {"charts.schema"},
    "markdown_it": {"markdown"},
    "python_calamine": {"workbooks"},
    "mdit_py_plugins": {"markdown"},
    "starlette": {"server"},
    "uvicorn": {"server"},
    "vl_convert": {"charts.svg", "charts.workers"},
    "watchdog": {"watch"},
    "yaml": {"additions", "positioned", "removal"},
}
"""Who may know each library; what every build needs to start fast must not import the dear ones."""


@dataclass(frozen=True)
class Import:
    importer: str
    imported: str
    line: int
    at_start: bool
    """Whether it is done when the module is imported."""

    def __str__(self) -> str:
        return f"generator/{self.importer.replace('.', '/')}.py:{self.line} imports {self.imported}"


@cache
def trees() -> dict[str, ast.Module]:
    found = {}
    for place in sorted(GENERATOR.rglob("*.py")):
        name = ".".join(place.relative_to(GENERATOR).with_suffix("").parts)
        if not name.endswith("__init__"):
            found[name] = ast.parse(place.read_text(encoding="utf-8"), place.name)
    return found


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for name, tree in trees().items() for found in imports_of(name, tree))


def imports_of(importer: str, tree: ast.AST, *, at_start: bool = True) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, alias.name, node.lineno, at_start)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{importer}:{node.lineno}: relative imports hide where they point"
            module = node.module or ""
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield Import(importer, whole if whole.removeprefix("generator.") in trees() else module, node.lineno,
                             at_start)  # fmt: skip
        else:
            inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports_of(importer, node, at_start=at_start and not inner)


def own(found: Import) -> str:
    """Return the module of ours that is imported, or an empty string."""
    return found.imported.removeprefix("generator.") if found.imported.startswith("generator.") else ""


def test_layers_name_every_module_once() -> None:
    named = " ".join(LAYERS).split()
    assert sorted(named) == sorted(trees())


def test_imports_point_downwards_only() -> None:
    layer = {name: number for number, line in enumerate(LAYERS) for name in line.split()}
    upwards = [str(i) for i in imports() if own(i) and layer.get(own(i), 99) >= layer.get(i.importer, -1)]
    assert upwards == []


def test_nothing_of_ours_is_imported_but_modules_of_the_package() -> None:
    assert [str(i) for i in imports() if own(i) and own(i) not in trees()] == []
    assert [str(i) for i in imports() if i.imported.partition(".")[0] in {"tests", "generator"} and not own(i)] == []


def test_only_the_rim_touches_the_world() -> None:
    assert [str(i) for i in imports() if i.imported.partition(".")[0] in WORLD and i.importer not in RIM] == []


def test_only_the_commands_know_the_rim_of_publishing() -> None:
    rim = {"output", "watch", "server"}
    assert [str(i) for i in imports() if own(i) in rim and i.importer not in {"cli", "runs", "serving"}] == []


@pytest.mark.parametrize(("library", "users"), USERS.items(), ids=USERS)
def test_library_is_known_to_few_modules(library: str, users: set[str]) -> None:
    found = {i.importer for i in imports() if i.imported.partition(".")[0] == library}
    assert found <= users
    assert found, f"nobody imports {library} any more: take it out of this table and of pyproject.toml"


def test_altair_is_loaded_only_when_a_chart_must_be_drawn() -> None:
    dear = USERS["altair"]
    assert [str(i) for i in imports() if own(i) in dear and i.at_start and i.importer not in dear] == []


@pytest.mark.parametrize("library", ["starlette", "uvicorn", "watchdog", "vl_convert"])
def test_build_that_draws_nothing_does_not_load(library: str) -> None:
    loaded: set[str] = set()
    waiting = ["cli", "build", "sources", "memo", "output"]
    while waiting:
        loaded.add(module := waiting.pop())
        waiting += [
            own(i) for i in imports() if i.importer == module and i.at_start and own(i) and own(i) not in loaded
        ]
    found = [i for i in imports() if i.importer in loaded and i.at_start and i.imported.partition(".")[0] == library]
    assert list(map(str, found)) == []


NAMES = {
    "open": RIM,
    "print": frozenset[str](),
    "input": frozenset[str](),
    "eval": frozenset[str](),
    "exec": frozenset[str](),
    "hash": frozenset[str](),
    "exit": frozenset({"cli", "console", "desk_review"}),
    "environ": frozenset({"cli"}),
    "now": frozenset({"cli", "console"}),
    "today": frozenset({"cli"}),
    "utcnow": frozenset[str](),
}
"""Names that stand for the world, the clock or chance, with the modules that may use them."""


@pytest.mark.parametrize(("name", "users"), NAMES.items(), ids=NAMES)
def test_world_clock_and_chance_are_used_at_the_rim_only(name: str, users: frozenset[str]) -> None:
    found = [
        f"generator/{module.replace('.', '/')}.py:{line}"
        for module, tree in trees().items()
        for line in uses(tree, name)
        if module not in users
    ]
    assert found == []


def uses(tree: ast.Module, name: str) -> Iterator[int]:
    """Yield the lines that call ``name(…)`` or ``….name(…)``, or name ``….environ``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            found = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            if found == name:
                yield node.lineno
        elif isinstance(node, ast.Attribute) and node.attr == name == "environ":
            yield node.lineno


def test_list_of_modules_that_touch_the_world_is_the_one_in_the_overview() -> None:
    import generator

    overview = (generator.__doc__ or "").partition("Only these modules touch the world")[2].partition("Problems are")[0]
    assert set(re.findall(r"`([a-z_.]+)`", overview)) == RIM
