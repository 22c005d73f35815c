"""What the commands say on the terminal: problems with the lines that they stand in, counts, and how far a build is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from generator.charsets import text_of
from generator.diagnostics import Diagnostic, excerpt, render, summary
from generator.intervals import RESULTS


def show(problems: tuple[Diagnostic, ...], root: Path) -> None:
    """Show each problem with its place, its line and its hint."""
    for path, group in groupby(problems, key=lambda problem: problem.at.path):
        text = _source(root, path)
        for problem in group:
            click.echo(render(problem, text), err=True)
            click.echo(err=True)


def tell(
    problems: tuple[Diagnostic, ...],
    counts: Mapping[str, int],
    root: Path,
    form: str,
    started: float,
    changed: tuple[Path, ...] = (),
) -> None:
    """Say what a check has found, in the *form* that was asked for."""
    from generator.reports import annotation, report_json, tally

    if form == "json":
        click.echo(report_json(problems))
    elif form == "github":
        folder = "" if root.is_absolute() or root == Path() else f"{root.as_posix()}/"
        for problem in problems:
            click.echo(annotation(problem, folder))
    else:
        show(problems, root)
        if codes := tally(problems):
            click.echo(f"{codes}\n", err=True)
    results = ", ".join(f"{words}: {counts[words]:,}" for words in RESULTS.values() if counts[words])
    click.echo(
        f"{named(changed)}{summary(problems)} in {counted(counts, 'pages')}, {counted(counts, 'datasets')} and "
        f"{counted(counts, 'checks')}{f' ({results})' if results else ''}; {time.monotonic() - started:.1f} s",
        err=bool(problems) or form == "json",
    )


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show long steps: a bar on a terminal, a plain line each otherwise."""
    bars: dict[str, Any] = {}

    def on_step(step: str, done: int, total: int) -> None:
        if quiet:
            return
        if not sys.stderr.isatty():
            if done == total and step == "Drawing charts":
                click.echo(f"{step}: {total}", err=True)
            return
        if step not in bars:
            bars[step] = click.progressbar(length=total, label=step, file=sys.stderr)
            bars[step].__enter__()
        bars[step].update(1)
        if done == total:
            bars[step].__exit__(None, None, None)

    yield on_step


def excerpt_of(problem: Diagnostic, root: Path) -> str:
    """Return the line of a problem with its underline, in lines."""
    return "\n".join(excerpt(problem.at, _source(root, problem.at.path)))


def _source(root: Path, path: str) -> str:
    try:
        return text_of((root / path).read_bytes())
    except (OSError, ValueError):  # a name that no disk can hold
        return ""


def named(changed: tuple[Path, ...]) -> str:
    """Return the names of what has changed, as the beginning of a line."""
    names = ", ".join(sorted({path.name for path in changed})[:4])
    return f"{names}: " if names else ""


def shown(path: Path) -> str:
    """Write the name of a folder."""
    return path.as_posix() + "/"


def counted(counts: Mapping[str, int], name: str) -> str:
    """Return how many there are of what is called *name* in the plural, e.g. "charts drawn"."""
    noun, _, rest = name.partition(" ")
    one = counts[name] == 1
    return " ".join(filter(None, [f"{counts[name]:,}", noun.removesuffix("s") if one else noun, rest]))


def say(text: str) -> None:
    """Say what is no result beside the results."""
    click.echo(text, err=True)
