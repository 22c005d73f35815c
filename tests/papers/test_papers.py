"""Hold every dataset against the council paper that it cites.

Numbers and labels must stand in the cited lines of the paper's text.  The papers are not part of the repository:
`TRANSPARENCY_PAPERS` names their folder.
"""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from generator.codes import split_aliases
from generator.datasets import Dataset, Field, Row, missing_mark
from generator.diagnostics import Diagnostic, Location
from generator.extracts import read_dataset
from generator.quantities import MONEY_SCALES, Quantity
from generator.roles import ROLE, PrintedPart, parse_printed
from generator.terms import COUNT_SCALES, Cell

CONTENT = Path(__file__).parents[2] / "content"
DATA = CONTENT / "data"
NAMES = sorted(path.stem for path in DATA.glob("*.yaml"))
PAPERS = {
    "council-2022-12": "000",
    "cabinet-2024-07": "001",
    "council-2024-07": "002",
    "draft-budget-2024-25": "003",
    "strategic-statement-2016": "004",
}

OURS = {
    "a short name of ours": ["kpi-scorecard.short_name"],
    "an address of ours": ["*.id", "*.published_in", "*.indicator_id", "*.outcome_id"],
    "says what a figure is": ["*.unit", "*.of", "*.basis", "*.plus_means", "*.polarity", "*.period_type",
                             "*.target_met", "*.threshold_met"],
    "a grouping of ours": ["*.block", "*.kind", "*.stage", "*.what", "appendix-a-funding.group",
                           "financial-standing-facts.status", "rag-dot-change-on-year.group"],
    "the period in full, from the heading of the report": ["*.period", "*.covers_to"],
    "which of the three lists of the appendix the proposal is in": ["appendix-d-all-proposals.type"],
    "a standing policy has no year": ["financial-standing-facts.year"],
    "the paper names the holiday once for both years": ["haf-stated-changes.compared_with"],
    "cut down to the words on the direction": ["reserves-adequacy-factors.direction_in_section"],
}  # fmt: skip
"""Why the papers do not print the labels of some columns, here of a dataset or of all (*)."""

RETOLD = {"change", "covers", "detail", "fact", "item", "measure", "number", "purpose", "reason"}
"""Columns in our own words; the numbers in them must still stand in the cited lines."""

PRINTED = {
    "Adult Social Care and Health": "ASCH",
    "Children, Young People and Education": "CYPE",
    "Growth, Environment and Transport": "GET",
    "Chief Executive's Department": "CED",
    "Deputy Chief Executive's Department": "DCED",
    "Chief Executive's Department and Deputy Chief Executive's Department": "Deputy Chief Executive's Departments",
    "Corporately held budgets": "CHB",
    "Non-attributable costs": "NAC",
    "Dedicated Schools Grant reserve": "DSG reserve",
    "Kent Support and Assistance Service (KSAS)": "KSAS",
    "Savings and future cost avoidance from Securing Kent's Future to be identified": "from SKF to be identified",
    "Change in net collection fund balances and Section 31 compensation": "collection fund balances/S31 compensation",
    "Risks inherent in any new partnerships, major outsourcing arrangements, and major capital developments": (
        "arrangements, and major capital developments"  # a paragraph stands between the two halves
    ),
    (
        "The % of Kent County Council (KCC) supported people in residential or nursing care where the Care Quality"
        " Commission rating is Good or Outstanding"
    ): "supported people in residential or nursing care where the Care Quality Commission rating is Good or",
    "external": "externally funded",
    "Stable or no clear trend": "stable or with no clear trend",
    "Severely deteriorating": "the deterioration is now at a severe level",
    "Reserves not named": "replace drawdown from reserves to support 2023-24 budget",
}
"""Labels that we write out in full or in other words, and what the paper prints."""

LABEL_LINES = {"kpi-values-targets-floors.indicator": "546-624"}  # labels that stand in other lines than the figures
DAMAGED = {"September": "Contombor", "December": "Dooomhor"}  # names of months as our copy has them
LIMITS = (
    *("care-needs-assessments-in-time: 80", "direct-payments: 30", "direct-payments: 24"),
    *("repeat-child-protection-plans: 17.5", "repeat-child-protection-plans: 22.5"),
)
REPEATED = {"reconnect-bus-passes: 150000", *LIMITS}  # figures that a paper prints once for two rows
ACROSS_LINES = {
    "asch-kpis",
    "care-needs-assessments-in-time",
    "children-in-care",
    "direct-payments",
    "reconnect-activities-by-theme",
    "repeat-child-protection-plans",
    "resident-perceptions-2015",
    "usable-revenue-reserves",
}
"""Datasets whose rows the paper does not print in one line, from left to right."""

SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}
SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty"""
WORDS = {word: str(number) for number, word in enumerate(SMALL.split())}
NUMBER = re.compile(
    r"(?P<minus>(?<![\w%)])[-\u2212\u2013](?=£?\d)|(?<=£)[-\u2212\u2013])?£?(?<![\d.,Q])"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s?(?P<suffix>k|m|bn|thousand|million|billion)\b)?"
    rf"|\b(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
NO_FIGURES = re.compile(
    r"^[-#*\s]*\d+(?:(?:\.\d+)+\.?|\.) "  # the number of a paragraph
    r"|<sup>.*?</sup>|</?[a-zA-Z][^<>]*>|\b20\d\d[-/\u2013]\d\d\b"  # a footnote sign, a tag, a financial year
)
FENCED = re.compile(r"^```\n.*?^```$", re.MULTILINE | re.DOTALL)  # examples, which quote no paper
BLANK = re.compile(r"\t *(?=\t|$)")  # an empty cell in a table of counts stands for 0


class Found(NamedTuple):
    """One number of a paper, as text, since 5.0 and 5 are two printed forms."""

    text: str
    """Negative only where a minus stands directly before the number or its pound sign."""
    scale: int
    """Power of ten of a printed suffix such as "m"; 0 without one."""


@cache
def paper(name: str) -> tuple[str, ...]:
    """Return the lines of a paper, or end the test where the papers are not at hand."""
    folder = Path(os.environ.get("TRANSPARENCY_PAPERS") or "no-papers")
    found = sorted(folder.glob(f"{PAPERS[name]}_*.txt"))
    if len(found) == 1:
        return tuple(found[0].read_text(encoding="utf-8").split("\n"))
    message = f"TRANSPARENCY_PAPERS must name the folder that holds {PAPERS[name]}_*.txt, the text of {name}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def dataset(name: str) -> Dataset:
    csv, sidecar = DATA / f"{name}.csv", DATA / f"{name}.yaml"
    checked = read_dataset(name, (str(sidecar), sidecar.read_text(encoding="utf-8")), (str(csv), csv.read_bytes()))
    assert checked.value is not None, checked.problems
    return checked.value


def line_numbers(text: str) -> set[int]:
    """Read a list of lines and ranges.

    >>> sorted(line_numbers("10-12, 40"))
    [10, 11, 12, 40]
    """
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return {number for part in ends for number in range(part[0], part[-1] + 1)}


def provenance(data: Dataset, row: Row) -> str:
    """Return the lines that a row itself cites, if it does."""
    texts = [data.text(row, field.name) for field in data.fields if field.role == "provenance"]
    return ", ".join(text for text in texts if not missing_mark(text))


def cited(data: Dataset, lines: str = "") -> list[str]:
    """Return the text of the lines given, or else of all lines that the dataset cites."""
    text = paper(data.place.paper)
    return [text[number - 1] for number in sorted(line_numbers(lines or data.place.lines))]


def numbers_in(lines: Iterable[str]) -> Iterator[Found]:
    """Find the numbers of a text, leaving out financial years, paragraph numbers and footnote signs.

    >>> [found.text for found in numbers_in(["3.2 In 2024-25 -£1,234.5 and Eleven of (2.0) at 5-7%"])]
    ['-1234.5', '11', '2.0', '5', '7']
    >>> list(numbers_in(["£1.1bn"]))
    [Found(text='1.1', scale=9)]
    """
    for line in lines:
        for match in NUMBER.finditer(NO_FIGURES.sub(" ", line)):
            digits = match["digits"].replace(",", "") if match["digits"] else WORDS[match["word"].lower()]
            yield Found(("-" if match["minus"] else "") + digits, SCALES.get((match["suffix"] or "").lower(), 0))


def is_match(needed: Decimal, power: int, found: Found) -> bool:
    """Tell whether a printed number is the number needed, to the last printed place where their scales are the same.

    A paper may print a fall without a minus, but never a rise with one.
    """
    if found.text.startswith("-") and needed >= 0:
        return False
    number = needed if found.text.startswith("-") else abs(needed)
    if found.scale in (0, power):
        return str(number) == found.text
    return number.scaleb(power) == Decimal(found.text).scaleb(found.scale)


class Supply:
    """The numbers of some lines, each of which can be used up once."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.left = Counter(numbers_in(lines))
        self.known: dict[Decimal, list[Found]] = {}
        for found in sorted(self.left):
            value = abs(Decimal(found.text))
            for key in {value, value.scaleb(found.scale)}:
                self.known.setdefault(key, []).append(found)

    def matches(self, needed: Decimal, power: int) -> list[Found]:
        """Return the printed numbers that may be the number needed, used up or not."""
        keys = {abs(needed), abs(needed).scaleb(power)}
        return [found for key in keys for found in self.known.get(key, ()) if is_match(needed, power, found)]

    def take(self, needed: Decimal, power: int) -> bool:
        """Use up one printed number for the number needed, with its minus if the paper has one."""
        chosen = min((found for found in self.matches(needed, power) if self.left[found]), default=None)
        if chosen:
            self.left[chosen] -= 1
        return chosen is not None


def in_order(needed: Iterable[tuple[Decimal, int]], line: Iterable[Found]) -> bool:
    """Tell whether a line has the numbers needed from left to right, perhaps with others between them.

    >>> [in_order([(Decimal(2), 0), (Decimal(n), 0)], numbers_in(["2 of 7"])) for n in (2, 7)]
    [False, True]
    """
    left = iter(line)
    return all(any(is_match(number, power, found) for found in left) for number, power in needed)


class Figure(NamedTuple):
    """A figure of a dataset and where its paper must print it."""

    cell: Cell
    lines: str
    """The lines that its row cites; empty for those of the dataset."""
    number: Decimal
    power: int
    """Power of ten that turns it into pounds or single things."""


def figures(data: Dataset) -> Iterator[Figure]:
    """Yield every figure in rows and printed totals."""

    def power(row: Row, field: Field) -> int:
        return MONEY_SCALES.get(data.unit(row, field.name), COUNT_SCALES[field.scale])

    for row in data.rows:
        for field in data.measures:
            value = data.value(row, field.name)
            if isinstance(value, Quantity) and value.number is not None:
                cell = (data.csv_path, row.line, field.name)
                yield Figure(cell, provenance(data, row), value.number, power(row, field))
    for total in data.totals:
        first = next(row for row in data.rows if all(data.text(row, key) in total.where[key] for key in total.where))
        for printed in total.printed:
            for column, value in printed.values.items():
                cell = (data.sidecar_path, printed.at.line, column)
                assert value.number is not None, cell
                yield Figure(cell, "", value.number, power(first, data.field(column)))


class Reading:
    """A dataset beside the lines of the paper that it cites."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.figures = list(figures(data))
        self.has_blanks = any(BLANK.search(line) for line in cited(data))
        self.counts = {field.name for field in data.fields if field.type == "integer"}
        places = {figure.lines for figure in self.figures}
        self.supplies = {lines: Supply(cited(data, lines)) for lines in places}
        self.in_lines = {
            lines: [list(numbers_in([BLANK.sub("\t0", line)])) for line in cited(data, lines)] for lines in places
        }
        rows = groupby(self.figures, key=lambda figure: figure.cell[:2])
        self.rows = [row for (path, _), found in rows if path == data.csv_path and len(row := list(found)) > 1]

    def may_stand(self, figure: Figure, number: Decimal) -> bool:
        """Tell whether the lines hold *number* in place of a figure at all."""
        return bool(self.supplies[figure.lines].matches(number, figure.power)) or self._need_not(figure, number)

    def unfound(self, cell: Cell | None = None, number: Decimal = Decimal(0)) -> list[str]:
        """Return the figures that the lines do not hold as often as needed, *cell* changed to *number*."""
        missing = []
        before = {lines: supply.left.copy() for lines, supply in self.supplies.items()}
        for figure in self.figures:
            needed = number if figure.cell == cell else figure.number
            if not self.supplies[figure.lines].take(needed, figure.power) and not self._need_not(figure, needed):
                missing.append(f"{':'.join(map(str, figure.cell))}: {needed}")
        for lines, supply in self.supplies.items():
            supply.left = before[lines]
        return missing

    def out_of_line(self, cell: Cell | None = None, number: Decimal = Decimal(0)) -> list[str]:
        """Return the rows of several figures that stand in no line in their order, *cell* changed to *number*."""
        if self.data.id in ACROSS_LINES:
            return []
        missing = []
        used: set[tuple[str, int]] = set()
        for row in self.rows:
            needed = [(number if figure.cell == cell else figure.number, figure.power) for figure in row]
            places = (
                (row[0].lines, n) for n, found in enumerate(self.in_lines[row[0].lines]) if in_order(needed, found)
            )
            place = next((place for place in places if place not in used), None)
            if place:
                used.add(place)
            else:
                missing.append(f"{self.data.id}.csv:{row[0].cell[1]}: {', '.join(str(number) for number, _ in needed)}")
        return missing

    def _need_not(self, figure: Figure, needed: Decimal) -> bool:
        is_blank = needed == 0 and self.has_blanks and figure.cell[2] in self.counts
        return is_blank or f"{self.data.id}: {needed}" in REPEATED


def quotations() -> list[PrintedPart]:
    """Return every figure of the site that quotes a paper, with its place."""
    found = []
    for path in sorted(CONTENT.rglob("*")):
        if path.suffix in (".md", ".yaml"):
            text = FENCED.sub(lambda block: "\n" * block[0].count("\n"), path.read_text(encoding="utf-8"))
            for role in re.finditer(rf"(?<!`){ROLE.pattern}", text):  # `{printed}` is only its name
                at = Location(path.relative_to(CONTENT).as_posix(), text.count("\n", 0, role.start()) + 1)
                part = parse_printed(role[2], at) if role[1] == "printed" else None
                assert not isinstance(part, Diagnostic), part
                found += [part] if part else []
    return found


@pytest.mark.parametrize("quoted", quotations(), ids=lambda quoted: f"{quoted.at}-{quoted.figure}")
def test_every_quoted_figure_stands_in_the_cited_lines_of_the_paper(quoted: PrintedPart) -> None:
    assert quoted.lines, "cite the lines of the paper: '…; lines 12-14'"
    text = paper(quoted.paper)
    lines = [text[number - 1] for number in sorted(line_numbers(quoted.lines))]
    left = Counter(numbers_in(lines))
    figures = list(numbers_in([quoted.figure]))
    missing = [found.text for found in figures if not left[found]]
    assert figures
    assert not missing, f"not in the cited lines: {', '.join(missing)}"


def words(text: str) -> str:
    """Reduce a text to its words, each between single spaces.

    >>> words("<b>Demand</b> & Cost-Drivers*")
    ' demand and cost drivers '
    """
    plain = NO_FIGURES.sub(lambda match: match[0] if match[0].startswith("20") else " ", text)
    plain = re.sub(r"['\u2019]", "", plain.replace("&amp;", "&").replace("&", " and ")).lower()
    return " ".join(["", *re.findall(r"[a-z0-9%]+", plain), ""])


def date_forms(label: str) -> list[str]:
    """Return how papers print a day, or a month, which a timetable may print without its year.

    >>> date_forms("2024-03-05"), date_forms("2024-12")
    (['5/3/24', '5 March', '5th March'], ['December', 'Dooomhor'])
    """
    if len(label) == 7:
        name = f"{datetime.date.fromisoformat(f'{label}-01'):%B}"
        return [name, *filter(None, [DAMAGED.get(name)])]
    date = datetime.date.fromisoformat(label)
    return [f"{date.day}/{date.month}/{date:%y}", f"{date.day} {date:%B}", f"{date.day}th {date:%B}"]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_stands_in_the_cited_lines_of_the_paper(name: str) -> None:
    missing = Reading(dataset(name)).unfound()
    assert not missing, "not in the cited lines, or not as often:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_a_row_stand_in_one_line_of_the_paper_in_their_order(name: str) -> None:
    missing = Reading(dataset(name)).out_of_line()
    assert not missing, "in no cited line together:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_stands_in_the_cited_lines_of_the_paper(name: str) -> None:
    data = dataset(name)
    missing = []
    for field in data.fields:
        names = {f"*.{field.name}", f"{name}.{field.name}"}
        if field.role != "dimension" or field.is_number or any(names & set(columns) for columns in OURS.values()):
            continue
        text = words(" ".join(cited(data, LABEL_LINES.get(f"{name}.{field.name}", ""))))
        for row in data.rows:
            label = data.text(row, field.name)
            if field.name in RETOLD:
                known = {found.text for found in numbers_in(cited(data, provenance(data, row)))}
                unknown = [found.text for found in numbers_in([label]) if found.text not in known]
            else:
                is_date = field.unit == "date" and not missing_mark(label)
                place = words(" ".join(cited(data, provenance(data, row)))) if is_date else text
                forms = date_forms(label) if is_date else [label, PRINTED.get(label, label)]
                found = missing_mark(label) or any(words(form) in place for form in forms)
                unknown = [] if found else [label]
            missing += [f"{name}.csv:{row.line}, {field.name}: {label}" for label in unknown]
    assert not missing, "not in the cited lines:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", NAMES)
def test_rows_cite_only_lines_that_the_dataset_cites(name: str) -> None:
    data = dataset(name)
    whole = line_numbers(data.place.lines)
    rows = [(row.line, provenance(data, row)) for row in data.rows]
    outside = [f"{name}.csv:{line}: {lines}" for line, lines in rows if lines and not line_numbers(lines) <= whole]
    assert not outside, "lines that the dataset does not cite:\n" + "\n".join(outside)


def test_every_direction_of_2016_stands_in_the_line_of_its_outcome_or_measure() -> None:
    def printed(direction: str, trend: str, usual: str) -> str:
        return "n/a" if missing_mark(direction) else direction + (f" ({trend})" if trend != usual else "")

    summary, measures = dataset("dot-summary"), dataset("outcome-measures")
    for data in (summary, measures):
        for row in data.rows:
            cells = {field.name: data.text(row, field.name) for field in data.fields}
            if data is summary:
                stars = ["" if missing_mark(cells[f"single_{years}_year"]) else "*" for years in (1, 3)]
                found = [cells["outcome"], cells["direction_1_year"] + stars[0], cells["direction_3_year"] + stars[1]]
            else:
                one, three = (
                    printed(cells[f"direction_{years}_year"], cells[f"trend_{years}_year"], f"{years} year")
                    for years in (1, 3)
                )
                found = [
                    cells["measure"],
                    one,
                    three,
                    "n/a" if missing_mark(cells["comparison"]) else cells["comparison"],
                ]
            assert cited(data, cells["lines"]) == ["\t".join(found)]
            assert found[0].startswith(cells["id"] + " ")
            assert cells["id"].startswith(cells.get("outcome_id", ""))


CODE_LISTS = sorted((DATA / "codes").glob("*.yaml"))


@pytest.mark.parametrize("sidecar", CODE_LISTS, ids=lambda path: path.stem)
def test_every_name_and_spelling_of_a_code_list_stands_in_a_paper(sidecar: Path) -> None:
    csv = sidecar.with_suffix(".csv")
    read = read_dataset(sidecar.stem, (str(sidecar), sidecar.read_text(encoding="utf-8")), (str(csv), csv.read_bytes()))
    assert read.value is not None, read.problems
    texts = [words(" ".join(paper(name))) for name in PAPERS]
    spellings = [
        text
        for row in read.value.rows
        for text in (read.value.text(row, "name"), *split_aliases(read.value.text(row, "aliases")))
    ]
    missing = [text for text in spellings if not any(words(text) in paper_text for paper_text in texts)]
    assert not missing, f"no paper prints: {', '.join(missing)}"
