"""The command ``transparency``: reads its arguments, prints what came of them, and exits."""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from generator.cli_new import new_chart, new_indicator, new_page, new_site
from generator.console import ROOT, fail
from generator.desk import import_, receive
from generator.desk_review import correct, review
from generator.diagnostics import hint_for, is_error, sort_problems, stops, summary
from generator.paths import UrlPath
from generator.runs import Follower, Settings, made_or_recalled
from generator.terminal import counted, say, show, shown, tell

EPILOG = "Problems in the content end with exit code 1, a wrong use of the command with 2."


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that all commands share, handed over as one value."""
    options: list[Any] = [
        ROOT,
        click.option("--output", type=click.Path(file_okay=False, path_type=Path), default=None,
                     help="Folder for the site. [default: site/ in the project]"),
        click.option("--base-url", default="", help="Address of the published site. [default: $URL, then site.yaml]"),
        click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Build as on this day."),
        click.option("--drafts", is_flag=True, help="Include pages that are drafts or wait for their day."),
        click.option("--strict", is_flag=True, help="Treat warnings as errors."),
        click.option("--jobs", type=click.IntRange(0), default=0, help="Worker processes. [default: one a core]"),
    ]  # fmt: skip

    def wrapped(
        root: Path,
        output: Path | None,
        base_url: str,
        today: datetime.datetime | None,
        drafts: bool,
        strict: bool,
        jobs: int,
        **more: Any,
    ) -> None:
        day = today.date() if today else datetime.datetime.now(datetime.UTC).date()
        address = base_url or os.environ.get("URL", "")
        settings = Settings(root, output or root / "site", address, day, drafts, strict, jobs)
        command(settings, **more)

    wrapped.__doc__ = command.__doc__
    wrapped.__name__ = command.__name__
    made: Any = wrapped
    made.__click_params__ = list(getattr(command, "__click_params__", []))
    for option in reversed(options):
        made = option(made)
    return made  # type: ignore[no-any-return]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EPILOG)
@click.version_option(package_name="transparency")
@click.option("--debug", is_flag=True, help="Show the whole trace of a mistake in the program.")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Turn a council's figures, in markdown and CSV, into a static site that everyone can read and check."""
    context.obj = debug


@cli.command()
@_settings
@click.option("-v", "--verbose", is_flag=True, help="Say of each file that is written why it was made anew.")
def build(settings: Settings, verbose: bool) -> None:
    """Build the whole site, or nothing.

    Example: transparency build --base-url https://figures.example/
    """
    from generator.output import OutputBusy, OutputRefused, locked, sync
    from generator.reasons import changed_why

    started = time.monotonic()
    output = settings.output
    try:
        with locked(output):
            made = made_or_recalled(settings, output)
            show(made.record.problems, settings.root)
            if stops(made.record.problems, strict=settings.strict):
                click.echo(f"{summary(made.record.problems)}; {shown(output)} stays as it was", err=True)
                sys.exit(1)
            if made.files is None:
                synced = (0, len(made.record.files), 0)
            else:
                found = sync(made.files, output, sources=(settings.root / "content", settings.root / "templates"))
                synced = (found.written, found.unchanged, found.removed)
                made.keep()
                for line in changed_why(made.record, found.changed) if verbose else ():
                    click.echo(line)
    except (OutputBusy, OutputRefused) as refusal:
        fail(str(refusal))
    counts = made.record.counts
    click.echo(
        f"{counted(counts, 'pages')}, {counted(counts, 'charts drawn')}, {counts['charts remembered']} remembered, "
        f"{counted(counts, 'datasets')}, {counted(counts, 'checks')}; {synced[0]} files written, "
        f"{synced[1]} unchanged, {synced[2]} removed; {time.monotonic() - started:.1f} s"
    )


@cli.command()
@click.option(
    "--fix", is_flag=True, help="First put extracts into the plain form, and remove needless acknowledgements."
)
@click.option("--watch", "watches", is_flag=True, help="Check again after every change, until Ctrl-C.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text",
              help="For people, for programs, or as annotations of a pull request.")  # fmt: skip
@_settings
def check(settings: Settings, fix: bool, watches: bool, form: str) -> None:
    """Check everything without writing the site.

    Example: transparency check --strict
    """
    started = time.monotonic()
    if fix:
        _fix(settings.root)
    if watches:
        _check_and_watch(settings, form)
        return
    found = made_or_recalled(settings).record
    tell(found.problems, found.counts, settings.root, form, started)
    if stops(found.problems, strict=settings.strict):
        sys.exit(1)


def _check_and_watch(settings: Settings, form: str) -> None:
    from generator.watch import watch

    follower, stop = Follower(settings), _nothing

    def again(changed: tuple[Path, ...] = ()) -> None:
        started = time.monotonic()
        made = follower.build(changed)
        tell(made.problems, made.counts, settings.root, form, started, changed)

    try:
        again()
        stop = watch((settings.root / "content", settings.root / "templates"), (settings.output,), again, say=say)
        say("Waiting for changes (Ctrl-C ends)")
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        pass
    finally:
        stop()
        follower.close()


@cli.command()
@click.argument("address", metavar="URL")
@ROOT
def explain(address: str, root: Path) -> None:
    """Say what a page or file is made from, and why a build made it anew.

    Example: transparency explain /budget/
    """
    from generator.memo import Store
    from generator.paths import output_for
    from generator.reasons import RECORD, from_text
    from generator.reasons import explain as run

    found = from_text(Store(root / ".cache").recall(RECORD))
    if found is None:
        fail("no build is remembered; run 'transparency build' first")
    path = UrlPath("/" + address.partition("#")[0].removeprefix("/"))
    output = next((name for name in (output_for(path), output_for(UrlPath(path + "/"))) if name in found.files), None)
    if output is None:
        hint = hint_for(address, ["/" + name.removesuffix("index.html") for name in found.files], "addresses")
        fail(f"the last build made nothing at {address}; {hint}")
    for line in run(found, output):
        click.echo(line)


@cli.group()
def new() -> None:
    """Begin a site, page, chart, dataset or indicator; nothing is overwritten.

    Example: transparency new dataset ~/Downloads/Places.csv
    """


@new.command("dataset")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id", "name", default="", help="Name of the dataset. [default: from the name of the file]")
@click.option("--paper", default="", help="The paper that the figures stand in, as named in sources.yaml.")
@ROOT
def new_dataset(file: Path, name: str, paper: str, root: Path) -> None:
    """Propose a dataset from FILE, with a sidecar for you to correct.

    The extract is written in the plain form.

    Example: transparency new dataset ~/Downloads/Places.csv --id haf-places --paper council-2022-12
    """
    from generator.extracts import read_dataset
    from generator.paths import SLUG, slugify
    from generator.proposals import propose

    name = name or slugify(file.stem)
    if not SLUG.fullmatch(name):
        raise click.BadParameter(
            f"'{name}' cannot stand in an address; use a-z, 0-9 and single hyphens", param_hint="--id"
        )
    folder = root / "content" / "data"
    extract, sidecar = folder / f"{name}.csv", folder / f"{name}.yaml"
    for taken in (extract, sidecar):
        if taken.exists():
            fail(f"{taken.as_posix()} is there already; choose another --id, or remove it")
    found = propose(name, file.as_posix(), file.read_bytes(), paper)
    show(sort_problems(found.problems), Path())
    if found.value is None:
        click.echo(f"{summary(found.problems)}; nothing was written", err=True)
        sys.exit(1)
    made = found.value
    folder.mkdir(parents=True, exist_ok=True)
    extract.write_bytes(made.extract)
    sidecar.write_bytes(made.sidecar.encode())
    for finding in made.findings:
        click.echo(finding)
    left = read_dataset(name, (sidecar.as_posix(), made.sidecar), (extract.as_posix(), made.extract)).problems
    click.echo(
        f"{extract.as_posix()} and {sidecar.as_posix()} are written; {len(left)} places are left for you: "
        "'transparency check' names each"
    )


new.add_command(new_page)
new.add_command(new_chart)
new.add_command(new_indicator)
new.add_command(new_site)


@cli.command()
@click.argument("names", metavar="[DATASET]...", nargs=-1)
@click.option("--from-scratch", is_flag=True, help="Forget what the sidecars declare: all checks and acknowledgements.")
@click.option("--all", "shows_all", is_flag=True, help="Show all findings, not only the first 40.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="JSON has all findings.")
@_settings
def audit(settings: Settings, names: tuple[str, ...], from_scratch: bool, shows_all: bool, form: str) -> None:
    """Look for figures that disagree though no sidecar says so, the surest first.

    It is advice: compare each with the paper, then correct our copy, or add the lines to the sidecar.

    Example: transparency audit haf-places
    """
    from generator.audit.findings import audit as run
    from generator.audit.report import report, report_json
    from generator.build import Options, load_config
    from generator.editions import view
    from generator.library import read_library
    from generator.sources import read_snapshot

    snapshot = read_snapshot(settings.root).value
    options = Options(settings.base_url, settings.drafts, settings.today)
    library = read_library(snapshot, load_config(snapshot, options).value)
    datasets = library.value.datasets
    for name in names:
        if name not in datasets:
            raise click.UsageError(f"there is no dataset '{name}'; {hint_for(name, list(datasets), 'datasets')}")
    if any(map(is_error, library.problems)):
        click.echo("some files have errors; 'transparency check' shows them", err=True)
    newest = {name: view(dataset, "") for name, dataset in datasets.items()}
    found = [finding for finding in run(newest, from_scratch=from_scratch) if not names or finding.dataset in names]
    click.echo(report_json(found) if form == "json" else report(found, len(found) if shows_all else 40))


@cli.command()
@_settings
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port; another free one if it is taken.")
@click.option("--editor-url", default="", envvar="TRANSPARENCY_EDITOR_URL", show_envvar=True,
              help="Address that opens your editor, e.g. vscode://file/{path}:{line}:{column}")  # fmt: skip
def serve(settings: Settings, port: int, editor_url: str) -> None:
    """Show the site while you edit it; the browser follows every change.

    Example: transparency serve --port 8080
    """
    from generator.editors import refusal
    from generator.serving import serve as run

    if editor_url and (reason := refusal(editor_url)):
        raise click.BadParameter(reason, param_hint="--editor-url")
    run(replace(settings, drafts=True), port, editor_url)  # with a notice on each draft


def _fix(root: Path) -> None:
    """Mend the sources that can be; each is exchanged in one step, so that none is ever half written."""
    from generator.fixes import fixes
    from generator.sources import read_snapshot

    for path, (data, done) in fixes(read_snapshot(root).value).items():
        place = root / path
        beside = place.with_name(f".{place.name}.new")
        beside.write_bytes(data)
        beside.replace(place)
        click.echo(f"{path}: {done}")


for _command in (receive, import_, review, correct):
    cli.add_command(_command)


def _nothing() -> None:
    """Stop what never began."""


def main() -> None:
    """Run the command; a mistake of the program itself is told apart from problems in the content."""
    debug = "--debug" in sys.argv
    try:
        cli(standalone_mode=True)
    except Exception as error:
        if debug:
            raise
        click.echo(f"Sorry, the program itself went wrong: {type(error).__name__}: {error}", err=True)
        click.echo(
            "Nothing was published. Run it again with 'transparency --debug …' and report what it says.", err=True
        )
        sys.exit(70)
