"""Say what a kind of chart would misrepresent, and which kind shows the same figures better."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from generator.charts.spec import ChartSpec
from generator.charts.theme import RATINGS, UNRATED, VOTES
from generator.quantities import Quantity

MAX_CATEGORIES, MAX_SERIES = 26, 4
MAX_SLOPES = 8
"""Lines that can be told apart by the names at their ends."""
MAX_RATED = 24
"""Marks in one row, which a reader can still count."""
MAX_CARDS, MAX_SCORED = 6, 40
DIRECTIONS = ("Improving", "Stable or no clear trend", "Worsening")
"""The words of the quarterly report, which are about performance; an arrow may be about the number instead."""

Values = Mapping[tuple[str, str], Quantity]
Reasons = list[tuple[str, str]]  # what is amiss, and what to do instead


def refusals(spec: ChartSpec, categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    """Return why *spec* must not be drawn from these values; *values* are by category and series."""
    found: Reasons = []
    if len(categories) > MAX_CATEGORIES:
        found.append((f"{len(categories)} categories are too many for one picture", "filter them, or make a table"))
    if len(series) > MAX_SERIES:
        hint = f"show {MAX_SERIES} at most, or make a table"
        found.append((f"{len(series)} series are too many to tell apart", hint))
    if any(value.mark == "u" for value in values.values()):
        found.append(("an answer of fewer than 30 people, or of an unknown number, is not drawn", "make a table"))
    if all(value.number is None for value in values.values()):
        found.append(("none of the chosen cells holds a number", "choose other rows, or make a table"))
    elif rule := _RULES.get(spec.kind):
        found += rule(categories, series, values, unit)
    if spec.stack:
        found += _stack(spec.kind, values)
    if spec.stack == "share" and not found:
        found += _share(categories, series, values)
    return found


def refuse_rated(kind: str, ratings: Sequence[str], directions: Sequence[str], *, has_result: bool) -> Reasons:
    """Return why indicators with these printed ratings and directions must not stand on cards or a scorecard."""
    found: Reasons = []
    if kind == "card" and len(ratings) > MAX_CARDS:
        hint = f"show {MAX_CARDS} at most, or write 'kind: scorecard'"
        found.append((f"{len(ratings)} cards are too many to take in", hint))
    if len(ratings) > MAX_SCORED:
        hint = "filter them with 'where', or show their counts with 'kind: ratings'"
        found.append((f"{len(ratings)} indicators are too many for one scorecard", hint))
    if odd := [word for word in ratings if word not in (*RATINGS, UNRATED)]:
        hint = f"choose a column of {', '.join(RATINGS)}, or make a table"
        found.append((f"'{odd[0]}' is not a rating", hint))
    elif set(ratings) == {UNRATED}:
        found.append(("none of these indicators is rated", "choose other rows, or make a table"))
    if odd := [word for word in directions if word not in DIRECTIONS]:
        hint = f"choose a column of {', '.join(DIRECTIONS)}, or leave out 'direction'"
        found.append((f"'{odd[0]}' does not say whether performance is better or worse", hint))
    if kind == "card" and not has_result:
        hint = "write 'kind: scorecard', which shows ratings alone"
        found.append(("no result of these indicators can be read", hint))
    return found


def _numbers(values: Values, series: str = "") -> list[Decimal]:
    return [v.number for (_, name), v in values.items() if v.number is not None and series in ("", name)]


def _is_missing(categories: Sequence[str], series: Sequence[str], values: Values) -> bool:
    return any((c, s) not in values or values[c, s].number is None for c in categories for s in series)


def _stack(kind: str, values: Values) -> Reasons:
    if kind == "area":
        return [("an area sets its parts upon each other by itself", "leave out 'stack', or write 'kind: bar'")]
    if kind != "bar":
        return [("only bars can be stacked", "leave out 'stack: true', or write 'kind: bar'")]
    if any(number < 0 for number in _numbers(values)):
        return [("a negative part cannot be stacked into a whole", "leave out 'stack: true'")]
    if any(value.number is None for value in values.values()):
        return [("a stack with a missing part would look like a whole", "leave out 'stack: true', or make a table")]
    return []


def _share(categories: Sequence[str], series: Sequence[str], values: Values) -> Reasons:
    if _is_missing(categories, series, values):
        return [("a share of a whole with a missing part is not known", "leave out 'stack', or make a table")]
    if any(value.qualifier for value in values.values()):
        hint = "leave out 'stack', which sets the bars side by side"
        return [("a share cannot be taken from a figure that is at least, about or up to its number", hint)]
    if len(series) < 2 or any(not sum(values[c, s].number or 0 for s in series) for c in categories):
        return [("a whole needs two parts or more, and they must not all be zero", "write 'kind: bar' without 'stack'")]
    return []


def _area(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if any(number < 0 for number in _numbers(values)):
        return [("an area is filled from zero up and has no room for a negative value", "write 'kind: line'")]
    if len(categories) < 2:
        return [("an area shows change, and there is one time only", "write 'kind: bar'")]
    if len(series) > 1 and _is_missing(categories, series, values):
        return [("areas upon each other with a missing part would look like a whole", "write 'kind: line'")]
    return []


def _dots(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(_numbers(values)) < 2:
        return [("a dot alone has nothing to be compared with", "write the figure in the text, or make a table")]
    return []


def _waterfall(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    found: Reasons = []
    if len(series) != 1:
        found.append(("a waterfall has one series", "filter the rows with 'where'"))
    if any(value.number is None for value in values.values()):
        found.append(("a waterfall cannot step over a missing value", "make a table"))
    return found


def _dumbbell(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) != 2:
        return [(f"a dumbbell joins two values, and this one has {len(series)}", "name two columns")]
    return []


def _slope(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) != 2:
        return [(f"a slope joins two dates, and this one has {len(series)}", "name two columns, or write 'kind: line'")]
    if len(categories) > MAX_SLOPES:
        hint = f"show {MAX_SLOPES} at most, or write 'kind: dumbbell'"
        return [(f"{len(categories)} sloping lines are too many to tell apart", hint)]
    if _is_missing(categories, series, values):
        return [("a line needs a value at both of its ends", "write 'kind: dumbbell', which leaves gaps open")]
    return []


def _lollipop(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) != 1:
        return [("a lollipop shows one value for each name", "write 'kind: dumbbell' for two, or 'kind: bar'")]
    return []


def _bullet(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) != 3:
        hint = "name three columns in this order, or write 'kind: bar'"
        return [("a bullet has a result, its target and its limit", hint)]
    if _is_missing(categories, series, values):
        return [("a result without its target and its limit cannot be judged", "filter the rows, or make a table")]
    if any(number < 0 for number in _numbers(values)):
        return [("a bullet begins at zero and has no room for a negative value", "write 'kind: dumbbell'")]
    return []


def _ratings(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if tuple(series) != tuple(RATINGS):
        said = f"the columns of a strip of ratings are {', '.join(RATINGS)}, in this order"
        return [(said, "choose these columns, or write 'kind: bar' with 'stack: true'")]
    if unit != "count" or any(n < 0 or n != n.to_integral() for n in _numbers(values)):
        return [("a strip of ratings has one mark for each rating, so it needs counts", "write 'kind: bar'")]
    if _is_missing(categories, series, values):
        return [("a strip with a missing count would look whole", "make a table")]
    if max(sum(int(values[c, s].number or 0) for s in series) for c in categories) > MAX_RATED:
        return [(f"more than {MAX_RATED} marks in a row cannot be counted", "write 'kind: bar' with 'stack: true'")]
    return []


def _diverging(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) != 2:
        return [("a two-way bar chart has two series, one for each side", "write 'kind: bar'")]
    if _is_missing(categories, series, values):
        return [("a missing value would look like zero on its side", "make a table")]
    if unit == "percent" and all(number >= 0 for number in _numbers(values)):  # answers of the same people
        if any(sum(values[c, s].number or Decimal(0) for s in series) > 101 for c in categories):
            return [("two answers of the same people add up to 100% at most", "write 'kind: bar'")]
        return []
    sides = [{number > 0 for number in _numbers(values, name) if number} for name in series]
    if any(len(side) > 1 for side in sides) or sides[0] & sides[1]:
        return [("bars that point the same way would hide each other", "write 'kind: bar', which sets them in pairs")]
    return []


def _proportion(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    numbers = _numbers(values)
    if len(series) != 1 or unit != "percent":
        return [("parts of a whole are drawn from one column of percentages", "name that column, or write 'kind: bar'")]
    if any(value.number is None or value.qualifier for value in values.values()):
        return [("a whole with an unknown part cannot be drawn", "write 'kind: bar', or make a table")]
    if any(number < 0 for number in numbers):
        return [("a negative part does not fit into a whole", "write 'kind: bar'")]
    if abs(sum(numbers, Decimal(-100))) > Decimal(len(numbers) + 1) / 2:
        return [(f"the parts add up to {sum(numbers)}%, which is not a whole", "show all parts, or write 'kind: bar'")]
    return []


def _tiles(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) != 1:
        return [("a tile has room for one value", "choose one column, or write 'kind: bar'")]
    if any(number < 0 for number in _numbers(values)):
        return [("a tile begins at zero and has no room for a negative value", "write 'kind: bar'")]
    return []


def _multiples(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if len(series) < 3:
        return [("small charts need three columns or more", "write 'kind: dumbbell' for two, or 'kind: bar'")]
    if len(categories) > 12:
        return [(f"{len(categories)} small charts are too many to compare", "show 12 at most, or make a table")]
    if any(number < 0 for number in _numbers(values)):
        return [("small charts begin at zero and have no room for a negative value", "write 'kind: bar'")]
    return []


def _votes(categories: Sequence[str], series: Sequence[str], values: Values, unit: str) -> Reasons:
    if tuple(series) not in (VOTES, VOTES[:2]):
        said = f"the votes are {', '.join(VOTES)}, in this order; the last may be left out"
        return [(said, "name them so, or write 'kind: bar' with 'stack: true'")]
    if unit != "count" or any(n < 0 or n != n.to_integral() for n in _numbers(values)):
        return [("a vote is split into counts of members", "write 'kind: bar'")]
    if _is_missing(categories, series, values) or any(value.qualifier for value in values.values()):
        return [("a vote with an unknown count has no known split", "make a table")]
    if any(not sum(values[c, s].number or 0 for s in VOTES[:2]) for c in categories):
        return [("nobody voted for or against, so there is no split", "filter the rows, or make a table")]
    return []


_RULES: dict[str, Callable[[Sequence[str], Sequence[str], Values, str], Reasons]] = {
    "waterfall": _waterfall,
    "dumbbell": _dumbbell,
    "slope": _slope,
    "lollipop": _lollipop,
    "bullet": _bullet,
    "ratings": _ratings,
    "diverging": _diverging,
    "proportion": _proportion,
    "tiles": _tiles,
    "multiples": _multiples,
    "votes": _votes,
    "area": _area,
    "dots": _dots,
}
