"""Write a first text alternative for a chart from its data: what a sighted reader sees first, in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from generator.charts.milestones import LOST_WORDS
from generator.charts.refusals import DIRECTIONS
from generator.charts.shape import ChartData, Point, shares_of
from generator.charts.theme import RATINGS
from generator.quantities import MARKS, Quantity, in_words, round_half_up
from generator.quantities import spoken as _words
from generator.words import lower_first

LONGEST = 220
"""Characters; screen readers read a text alternative in one breath.  The table has the rest."""


def describe(data: ChartData) -> str:
    """Return the text alternative that ``alt: auto`` stands for."""
    if data.times:
        dated = [time for time in data.times if time != LOST_WORDS]
        lost = len(data.times) - len(dated)
        text = f"Timeline of {len(data.times)} {'' if lost else 'dated '}events, from {dated[0]} to {dated[-1]}."
        if lost:
            text += f" {'One date is' if lost == 1 else f'{lost} dates are'} not readable."
        return _within(text, _facts(data))
    if data.kind == "votes":
        count = len(data.categories)
        return _within(f"Split of {'one vote' if count == 1 else f'{count} votes'}, by members.", _facts(data))
    if data.indicators:
        return _indicators(data)
    several = _and([lower_first(name) for name in data.series])
    is_measures = all(name in data.measure_title or lower_first(name) in data.measure_title for name in data.series)
    measure = several if is_measures else lower_first(data.measure_title)
    opening = f"{kind_words(data)} of {measure} by {lower_first(data.category_title)}"
    if len(data.series) > 1 and not is_measures:
        opening += f", for {_and(list(data.series))}"
    text = opening + "."
    missing = sum(point.quantity.number is None for point in data.points)
    if missing:  # before the highest and the lowest, which are those of the known values only
        text += f" {missing} of {len(data.points)} values {'is' if missing == 1 else 'are'} missing."
    return _within(text, _facts(data))


def _within(text: str, sentences: list[str]) -> str:
    """Add the sentences for which one breath has room."""
    for sentence in sentences:
        if len(text) + len(sentence) + 1 <= LONGEST:
            text += " " + sentence
    return text


def picture_notes(data: ChartData) -> list[str]:
    """Say in words what a picture leaves open or does not show from zero; other kinds write it in the picture."""
    if data.kind == "scorecard":
        return ["The counts above the picture are computed by this site from the ratings in it."]
    if data.kind == "slope":
        return ["The lines compare directions. Their scale does not begin at zero."]
    if data.kind == "timeline":
        return ["The steps show the order of the events. They do not measure the time between them."]
    if data.kind == "votes":
        return ["The stroke marks half of the votes for and against together. Abstentions stand apart from both."]
    if data.kind == "diverging" and data.unit == "percent" and all((p.quantity.number or 0) >= 0 for p in data.points):
        return ["What is left of 100% is not drawn. It is neither of the two answers, or comes from rounding."]
    notes = []
    if data.is_share:
        notes.append("The shares are computed by this site from the figures of the table, and rounded.")
    if data.is_cut:
        notes.append("The scale of the dots does not begin at zero.")
    if data.kind in ("line", "area"):
        notes += [
            f"The series breaks before {name}. Figures on the two sides are not comparable." for name in breaks(data)
        ]
        for mark in ("p", "f", "e") if data.kind == "line" or len(data.series) == 1 else ():
            names = "; ".join(_name(point, data) for point in data.points if point.quantity.mark == mark)
            notes += [f"Hollow points are {MARKS[mark]}: {names}."] if names else []
    return [*notes, *_gaps(data)]


def breaks(data: ChartData) -> list[str]:
    """Return the times before which a series breaks."""
    broken = {point.category for point in data.points if point.quantity.mark == "b"}
    return [category for category in data.categories[1:] if category in broken]


def _name(point: Point, data: ChartData) -> str:
    return f"{point.category}, {point.series}" if len(data.series) > 1 else point.category


def _gaps(data: ChartData) -> list[str]:
    if data.kind not in ("line", "area", "dots", "dumbbell", "tiles", "multiples"):
        return []
    gaps: dict[str, list[str]] = {}
    for point in data.points:
        if point.quantity.number is None:
            gaps.setdefault(MARKS[point.quantity.mark], []).append(_name(point, data))
    return [f"Left open in the picture, {reason}: {'; '.join(names)}." for reason, names in gaps.items()]


def kind_words(data: ChartData) -> str:
    """Name the kind of a chart in words."""
    if data.kind == "bar":
        stacked = "Bar chart of shares" if data.is_share else "Stacked bar chart"
        return stacked if data.is_stacked else "Bar chart"
    if data.kind == "area" and len(data.series) > 1:
        return "Stacked area chart"
    return _KINDS[data.kind]


_KINDS = {
    "line": "Line chart",
    "waterfall": "Bridge chart",
    "dumbbell": "Chart of pairs",
    "slope": "Slope chart",
    "lollipop": "Dot chart",
    "bullet": "Bullet chart",
    "ratings": "Strips of marks",
    "diverging": "Two-way bar chart",
    "proportion": "Stepped bar chart",
    "tiles": "Tile map",
    "multiples": "Small bar charts on one scale",
    "area": "Area chart",
    "dots": "Dot plot",
    "timeline": "Timeline",
    "votes": "Split of votes",
    "card": "Cards of indicators",
    "scorecard": "Scorecard",
}


def _indicators(data: ChartData) -> str:
    """Count the ratings, then the directions, and what cannot be read; the results stand in the table."""
    whole = len(data.indicators)
    what = "Scorecard" if data.kind == "scorecard" else "Cards"
    ratings = Counter(each.rating for each in data.indicators)
    counts = [f"{ratings[word]} {word}" for word in sorted(ratings, key=[*RATINGS, *ratings].index)]
    text = f"{what} of {whole} indicator{'' if whole == 1 else 's'}: {_and(counts)}."
    directions = Counter(each.direction for each in data.indicators if each.direction)
    if directions:
        said = sorted(directions, key=[*DIRECTIONS, *directions].index)
        text += f" Direction of travel: {_and([f'{directions[word]} {lower_first(word)}' for word in said])}."
    results = [f"{each.name}: {each.result}." for each in data.indicators if each.result]
    for sentence in results:
        if len(text) + len(sentence) + 1 <= LONGEST:
            text += " " + sentence
    return text


def _facts(data: ChartData) -> list[str]:
    known = [point for point in data.points if point.quantity.number is not None]
    if data.kind == "waterfall":
        levels = [point for point in known if point.category in data.levels]
        changes = [point for point in known if point.category not in data.levels]
        parts = [f"From {_said(levels[0], data)} to {_said(levels[-1], data)}."] if len(levels) > 1 else []
        return [*parts, *_ends(changes, data, "Largest increase", "Largest decrease", mixed_only=True)]
    if data.kind in ("line", "area"):
        broken = [f"The series breaks before {name}." for name in breaks(data)]
        moves = [_change(data, name) for name in data.series if any(p.series == name for p in known)]
        return [*broken, *moves, *_limits(data)]
    if data.is_share:
        return [_share(data, name) for name in data.series]
    if data.kind == "slope":
        return _turns(data)
    if data.kind == "timeline":
        first, last = (data.categories[n].removesuffix(".") for n in (0, -1))
        return [f"First: {first}.", f"Last: {last}."]
    if data.kind == "votes":
        return [_split(data, category) for category in data.categories]
    if data.kind == "bullet":
        return [f"{len(data.categories)} results, each with two limits."]
    if data.kind == "tiles":  # districts are not ranked: a description that names ends would
        low, high = min(known, key=_number), max(known, key=_number)
        return [f"Values from {_words(low.quantity, data.unit)} to {_words(high.quantity, data.unit)}."]
    if len(data.series) == 1:
        return _ends(known, data, "Highest", "Lowest")
    facts = []
    for name in data.series:
        chosen = [point for point in known if point.series == name]
        if chosen:
            top = max(chosen, key=lambda p: abs(_number(p)) if data.kind == "diverging" else _number(p))
            word = "largest" if data.kind == "diverging" else "highest"
            facts.append(f"{name}: {word} for {top.category}, {_words(top.quantity, data.unit)}.")
    return facts


def _split(data: ChartData, category: str) -> str:
    """Say how a vote was split."""
    votes = {p.series: _words(p.quantity, data.unit) for p in data.points if p.category == category}
    abstained = f", {votes['Abstain']} abstained" if "Abstain" in votes else ""
    return f"{category}: {votes['For']} for, {votes['Against']} against{abstained}."


def _turns(data: ChartData) -> list[str]:
    """Count how many lines rise and fall, and name the one that moves most."""
    first, last = (data.values(name) for name in data.series)
    moves = {c: (last[c].number or Decimal(0)) - (first[c].number or Decimal(0)) for c in data.categories}
    counts = [(sum(m > 0 for m in moves.values()), "higher"), (sum(m < 0 for m in moves.values()), "lower")]
    said = [f"{count} {'is' if count == 1 else 'are'} {word}" for count, word in counts if count]
    steepest = max(moves, key=lambda c: abs(moves[c]))
    return [
        f"At the second date, of {len(moves)} values, {_and(said)}." if said else "No value changes.",
        f"Largest change: {steepest}, {_words(first[steepest], data.unit)} to {_words(last[steepest], data.unit)}.",
    ]


def _ends(points: list[Point], data: ChartData, high: str, low: str, *, mixed_only: bool = False) -> list[str]:
    if not points:
        return []
    top, bottom = max(points, key=_number), min(points, key=_number)
    facts = [f"{high}: {_said(top, data)}."]
    if top != bottom and (not mixed_only or _number(bottom) < 0):
        facts.append(f"{low}: {_said(bottom, data)}.")
    return facts


def _change(data: ChartData, series: str) -> str:
    """Say the first and the last value, but nothing from before a break: that is not comparable."""
    points: list[Point] = []
    for point in data.points:
        if point.series == series and point.quantity.number is not None:
            is_break = point.quantity.mark == "b"  # a sentence before says so
            points = [] if is_break else points
            points.append(replace(point, quantity=replace(point.quantity, mark="")) if is_break else point)
    first, last = _said(points[0], data), _said(points[-1], data)
    lead = f"{series}: " if len(data.series) > 1 else "From " if len(points) > 1 else ""
    return f"{lead}{first}, to {last}." if len(points) > 1 else f"{lead}{last}."


def _limits(data: ChartData) -> list[str]:
    """Name the lines across."""
    if not data.limits:
        return []
    said = [f"the {lower_first(limit.title)} is {_words(Quantity(limit.value), data.unit)}" for limit in data.limits]
    text = _and(said)
    return [text[0].upper() + text[1:] + "."]


def _share(data: ChartData, series: str) -> str:
    """Say the share of a part in the first and the last whole, or in which whole it is highest."""
    found: dict[str, Decimal] = {}
    for category in data.categories:
        points = [point for point in data.points if point.category == category]
        found[category] = shares_of(points)[[point.series for point in points].index(series)]
    said = {name: in_words(Quantity(round_half_up(share, 0)), "percent") for name, share in found.items()}
    first, last = data.categories[0], data.categories[-1]
    if data.is_time:
        return f"{series}: {first}, {said[first]}, to {last}, {said[last]}."
    top = max(found, key=lambda name: found[name])
    return f"{series}: highest for {top}, {said[top]}."


def _said(point: Point, data: ChartData) -> str:
    return f"{point.category}, {_words(point.quantity, data.unit)}"


def _number(point: Point) -> Decimal:
    return point.quantity.number if point.quantity.number is not None else Decimal(0)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
