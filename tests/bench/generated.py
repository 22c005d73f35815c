"""A project of any size, for measuring: pages in sections of fifty, datasets, and charts spread over the pages."""

from __future__ import annotations

from pathlib import Path

from tests.command import SMALL

SECTION = 50
"""Pages in a section."""
TEXT = (
    "The council plans this spending with care, and it explains each part of it in a paper that everybody can read. "
    "Roads, parks and libraries share one budget, *with a reserve* for what nobody could foresee. "
)


def files(pages: int, datasets: int, charts: int) -> dict[str, str]:
    """Return the sources of a project; the templates are those of the program."""
    made = {name: SMALL[name] for name in ("content/sources.yaml",)}
    made["content/site.yaml"] = SMALL["content/site.yaml"].replace(
        "menu: [/roads/, /data/]", "menu: [/section-0/, /data/]"
    )
    made["content/index.md"] = page("Home", "The first page.\n")
    for number in range(datasets):
        name = f"spending-{number}"
        rows = [
            f"{2000 + year},{service},{10 + number + year / 4}" for year in range(12) for service in ("Roads", "Parks")
        ]
        made[f"content/data/{name}.csv"] = "\n".join(["year,service,amount", *rows, ""])
        made[f"content/data/{name}.yaml"] = (
            SMALL["content/data/spending.yaml"]
            .replace("name: spending\npath: spending.csv", f"name: {name}\npath: {name}.csv")
            .replace("title: Spending on two services", f"title: Spending, part {name}")
            .replace("unit: financial-year", "unit: year")
        )
    for number in range(pages):
        folder = f"content/section-{number // SECTION}"
        if number % SECTION == 0:
            made[f"{folder}/index.md"] = page(f"Section {number // SECTION}", "What stands in this section.\n")
        made[f"{folder}/page-{number}.md"] = page(f"Page {number}", body(number, pages, datasets, charts))
    return made


def page(title: str, text: str) -> str:
    """Return a page."""
    description = "One of many pages that were made for measuring how long builds take."
    return f"---\ntitle: {title}\ndescription: {description}\n---\n{text}"


def body(number: int, pages: int, datasets: int, charts: int) -> str:
    """Return the text of a page: two headings, ten paragraphs, five links, a bound figure, perhaps a chart."""
    parts = ["## What is planned\n"]
    for part in range(10):
        other = (number + 7 * part + 1) % pages
        link = (
            f" See [another page](../section-{other // SECTION}/page-{other}.md#what-is-planned)." if part < 5 else ""
        )
        parts.append(f"{TEXT * 2}{link}\n")
    if datasets:
        data = f"spending-{number % datasets}"
        value = f"{{value}}`{data}: amount[year=2001; service=Roads] | million`"
        parts.append(f"## What it costs\n\nRoads cost {value}.\n")
        if number < charts:
            parts.append(
                f"```chart\nid: chart-{number}\ndata: {data}\nkind: bar\nx: year\ny: amount\n"
                "where: {service: Roads}\ntitle: Spending on roads rises\nalt: auto\n```\n"
            )
    return "\n".join(parts)


def write(root: Path, made: dict[str, str]) -> Path:
    """Write a project."""
    for name, text in made.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root
