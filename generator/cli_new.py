"""The commands `new page`, `new chart` and `new site`: they write files that pass every check at once.

What is there already is never overwritten.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from generator.console import ROOT, fail
from generator.diagnostics import hint_for, render
from generator.paths import SLUG, SourcePath, bad_segment, slugify, url_for


@click.command("page")
@click.argument("path")
@click.option("--title", required=True, help="The heading of the page.")
@ROOT
def new_page(path: str, title: str, root: Path) -> None:
    """Begin a page at PATH, as a draft that is kept back until you say so.

    PATH is the address without the slashes at its ends.

    Example: transparency new page budget/reserves --title "Reserves"
    """
    from generator.starts import page_text

    stem = path.strip("/").removeprefix("content/").removesuffix(".md")
    source = SourcePath(f"content/{stem}.md")
    if not stem or (bad := bad_segment(source)):
        what = f"'{bad}' cannot stand in an address" if stem else "a page needs an address"
        raise click.BadParameter(f"{what}; use a-z, 0-9 and single hyphens, e.g. budget/reserves", param_hint="PATH")
    if not " ".join(title.split()):
        raise click.BadParameter("a page needs a title", param_hint="--title")
    beside = f"content/{stem.removesuffix('/index')}.md" if stem.endswith("/index") else f"content/{stem}/index.md"
    for taken in (root / source, root / beside):
        if taken.exists():
            fail(f"{taken.as_posix()} is there already")
    _write(root / source, page_text(" ".join(title.split())).encode())
    click.echo(
        f"{(root / source).as_posix()} is written, for the address {url_for(source)}. Now write its description and "
        "its text.\n'transparency serve' shows it; take out 'draft: true' when it is ready."
    )


@click.command("chart")
@click.option("--dataset", required=True, help="The dataset to show.")
@click.option("--kind", default="", help="Kind of chart, e.g. line. [default: one that fits]")
@click.option("--id", "name", default="", help="Name of the chart, kept for ever. [default: from dataset and columns]")
@ROOT
def new_chart(dataset: str, kind: str, name: str, root: Path) -> None:
    """Begin a chart of a dataset in a file of its own, which any page can show.

    Example: transparency new chart --dataset haf-places --kind dumbbell
    """
    from generator.addresses import unfit_name
    from generator.build import Options, load_config, parse_pages
    from generator.charts.spec import KINDS
    from generator.library import read_library
    from generator.named_charts import CHARTS, read_named_charts
    from generator.sources import read_snapshot
    from generator.starts import draft_chart, ids_of

    if kind and kind not in KINDS:
        raise click.BadParameter(f"there is no kind '{kind}'; {hint_for(kind, KINDS, 'kinds')}", param_hint="--kind")
    snapshot = read_snapshot(root).value
    library = read_library(snapshot, load_config(snapshot, Options()).value).value
    known = [one for one, found in library.datasets.items() if not found.is_code_list]
    if dataset not in known:
        raise click.BadParameter(
            f"there is no dataset '{dataset}'; {hint_for(dataset, known, 'datasets')}", param_hint="--dataset"
        )
    drafted = draft_chart("draft", library.datasets[dataset], library, kind)
    draft = drafted.value
    if draft is None:
        for problem in drafted.problems:
            click.echo(render(problem).partition(": ")[2], err=True)
        fail(f"no {kind or 'chart'} fits '{dataset}'; nothing was written")
    name = name or slugify(f"{dataset} by {draft.category}")
    if not SLUG.fullmatch(name) or unfit_name(name):
        raise click.BadParameter(f"'{name}' cannot stand in an address; choose another", param_hint="--id")
    place = root / f"{CHARTS}{name}.yaml"
    if place.exists():
        fail(f"{place.as_posix()} is there already; choose another --id")
    if name in ids_of(parse_pages(snapshot).value, read_named_charts(snapshot).value):
        fail(f"a figure of a page is called '{name}' already; choose another --id")
    _write(place, draft.text.encode())
    click.echo(f"{place.as_posix()} is written: kind {draft.kind}, {draft.columns}.")
    for column, value in draft.where:
        click.echo(f"Only rows where {column} is '{value}' are shown; change 'where' to show others.")
    click.echo(
        f"Now reword its title, '{draft.title}': say in one sentence what the chart shows.\n"
        f"A page shows it by a chart block with 'use: {name}'."
    )


@click.command("site")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def new_site(folder: Path) -> None:
    """Begin a council's own site in DIR, with one example of each thing.

    The figures of the examples are made up and say so.

    Example: transparency new site our-figures
    """
    packaged = Path(str(files("generator"))) / "starter"
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder.as_posix()}/ is not empty; choose a new folder")
    found = sorted(place for place in packaged.rglob("*") if place.is_file())
    for place in found:
        name = place.relative_to(packaged).as_posix()
        _write(folder / (".gitignore" if name == "gitignore" else name), place.read_bytes())
    click.echo(
        f"{folder.as_posix()}/ holds {len(found)} files. All figures in it are made up, and say so.\n"
        f"Look at it with 'transparency serve --root {folder.as_posix()}'. "
        "Then say in content/site.yaml who you are, and replace the example by your own papers and figures."
    )


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as file:
        file.write(data)
