"""What commands share: their options, reading the project, asking, refusing, and writing files in one step."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from generator.diagnostics import Diagnostic, render, sort_problems, summary

ROOT = click.option("--root", type=click.Path(file_okay=False, path_type=Path), default=Path(),
                    help="Folder of the project. [default: this folder]")  # fmt: skip
TODAY = click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Act as on this day.")


def problems_of(snapshot: Any) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the datasets of a project."""
    from generator.build import load_config
    from generator.library import read_library

    return read_library(snapshot, load_config(snapshot, options_for(datetime.date.max)).value).problems


def content(root: Path) -> tuple[Any, Any]:
    """Read the project and its datasets."""
    from generator.build import load_config
    from generator.library import read_library
    from generator.sources import read_snapshot

    snapshot = read_snapshot(root).value
    return snapshot, read_library(snapshot, load_config(snapshot, options_for(datetime.date.max)).value).value


def options_for(day: datetime.date) -> Any:
    """Return the options of a build that writes nothing."""
    from generator.build import Options

    return Options(today=day)


def day_of(today: datetime.datetime | None) -> datetime.date:
    """Return the day that was told, or this one."""
    return (today or datetime.datetime.now(datetime.UTC)).date()


def council(root: Path) -> str:
    """Return the council of the project, who publishes its papers."""
    from generator.build import load_config
    from generator.sources import read_snapshot

    return str(load_config(read_snapshot(root).value, options_for(datetime.date.max)).value.council)


def load_pending(root: Path) -> Any:
    """Return the update that waits, or an empty one."""
    from generator.pending import FILE as PENDING
    from generator.pending import Pending, from_json

    place = root / PENDING
    if not place.exists():
        return Pending()
    found = from_json(place.read_text("utf-8"))
    if found is None:
        fail(f"{place.name} is damaged; 'transparency review --drop' forgets it, then import again")
    return found


def ask(what: str, proposal: str, *, optional: bool = False, choices: Sequence[str] = ()) -> str:
    """Ask for what was not told; where nobody can answer, say which option to give."""
    if not sys.stdin.isatty():
        if optional or (proposal and what != "description"):
            return proposal
        raise click.UsageError(f"give --{what}")
    kind = click.Choice(list(choices)) if choices else str
    default = proposal or ("" if optional else None)
    return str(click.prompt(what.capitalize(), default=default, type=kind, show_default=bool(proposal)))


def stop_on(problems: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
    """Show problems, and stop if one is an error."""
    from generator.diagnostics import is_error

    for problem in sort_problems(problems):
        click.echo(render(problem, texts.get(problem.at.path, "")), err=True)
    if any(map(is_error, problems)):
        fail(f"{summary(tuple(problems))}; nothing was written")


def fail(message: str) -> NoReturn:
    """Say why nothing was done, and stop."""
    click.echo(f"error: {message}", err=True)
    sys.exit(1)


def write(files: Mapping[Path, bytes]) -> None:
    """Exchange each file in one step; all are written beside their places first."""
    beside = {}
    for place, data in files.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        beside[place] = place.with_name(f".{place.name}.new")
        beside[place].write_bytes(data)
    for place, new in beside.items():
        new.replace(place)
