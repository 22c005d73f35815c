"""Charts of every kind for the tests of the drawing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from generator.charts.shape import ChartData, Indicator, Point, short_label
from generator.charts.thresholds import Limit
from generator.quantities import Quantity, parse_quantity

Cells = dict[str, dict[str, str]]


def chart(
    kind: str = "bar",
    cells: Cells | None = None,
    *,
    unit: str = "count",
    lies: bool = True,
    stacked: bool = False,
    share: bool = False,
    limits: tuple[Limit, ...] = (),
    levels: tuple[str, ...] = (),
    phase: str = "",
) -> ChartData:
    """Return a chart of *cells*: series, then category, to the cell as it is printed."""
    found = cells if cells is not None else {"Visits": {"North Park": "1200", "South Park": "860 [p]", "West": "[x]"}}
    points = []
    for series, row in found.items():
        for category, text in row.items():
            quantity = parse_quantity(text)
            assert isinstance(quantity, Quantity)
            points.append(Point(category, series, quantity, short_label(quantity, unit)))
    categories = tuple(dict.fromkeys(point.category for point in points))
    return ChartData(
        kind=kind,
        is_horizontal=lies,
        is_stacked=stacked or share,
        categories=categories,
        series=tuple(found),
        points=tuple(points),
        category_title="Park",
        measure_title="Visits to parks",
        unit=unit,
        unit_words="visits",
        is_time=False,
        phase_line=phase,
        is_share=share,
        limits=limits,
        levels=levels,
    )


PAIR: Cells = {
    "Offered": {"Easter.2021": "2262", "Summer [2021]": "4748", 'Winter "21": a': "[x]"},
    "Taken up": {"Easter.2021": "1861", "Summer [2021]": "at least 4577", 'Winter "21": a': "12"},
}
ENDS: Cells = {
    "April 2023": {"Easter.2021": "10", "Summer [2021]": "83", 'Winter "21": a': "83"},
    "March 2024": {"Easter.2021": "84", "Summer [2021]": "82", 'Winter "21": a': "85"},
}
STEPS: Cells = {"Amount": {"Budget": "2400.0", "Pay": "180.5", "Savings": "-90.2", "Next": "2490.3"}}

SAID = (("Target", "at or above 65.0%"), ("Floor standard", "not readable in our copy"))
CARDS = (
    Indicator("Easter.2021", "", "Green", "Improving", "", "57.7%", "", "March 2024", SAID),
    Indicator("Summer [2021]", "", "Red", "", "December 2023", "626", "people (provisional)", "12 months", SAID),
    Indicator(
        'Winter "21": a', "", "Not rated", "not readable in our copy", "", "not readable in our copy", "", "", SAID
    ),
)
SCORED = tuple(
    Indicator(
        f"Share of {name} that were answered within the time that the law allows", group, rating, direction, older
    )
    for name, group, rating, direction, older in (
        ("letters", "First [section]", "Green", "not readable in our copy", ""),
        ("calls", "First [section]", "Red", "Stable or no clear trend", "December 2023"),
        ("plans", "Second.section", "Amber", "Worsening", ""),
        ("visits", "Third section", "Not rated", "", ""),
    )
)
LIMITS = (
    Limit("target", "Target", Decimal(5)),
    Limit("floor", "Floor standard", Decimal(3)),
    Limit("lower", "Lower threshold", Decimal("17.5")),
    Limit("upper", "Upper threshold", Decimal("22.5")),
)
YEARS: Cells = {
    "Cars": {"2021": "10", "2022": "12", "2023": "14"},
    "Bikes": {"2021": "30", "2022": "28", "2023": "14 [p]"},
}

CHARTS: dict[str, ChartData] = {
    "lying": chart(),
    "standing": chart(lies=False),
    "standing-short": chart(cells={"Visits": {"A": "1", "B": "-2", "C": "0"}}, lies=False),
    "negative": chart(cells={"Change": {"A": "-5.5", "B": "3.2"}}, unit="gbp-million", phase="Initial draft. " * 9),
    "grouped": chart(cells=PAIR),
    "stacked": chart(cells={"One": {"A": "1", "B": "2"}, "Two": {"A": "3", "B": "[z]"}}, stacked=True),
    "line": chart(
        "line", {"Share": {"2021-22": "4.5", "2022-23": "[lost]", "2023-24": "6"}}, unit="percent", limits=LIMITS[:2]
    ),
    "lines": chart("line", PAIR, lies=False),
    "waterfall": chart("waterfall", STEPS, unit="gbp-thousand", levels=("Budget", "Next")),
    "dumbbell": chart("dumbbell", PAIR),
    "one": chart(cells={"Visits": {"Only": "7"}}),
    "zero": chart(cells={"Visits": {"Only": "0"}}),
    "slope": chart("slope", ENDS),
    "lollipop": chart("lollipop", {"Share": {"A": "-4.5", "B": "6", "C.1": "[lost]"}}, unit="percent"),
    "bullet": chart(
        "bullet", {"Result": {"A": "4", "B": "66"}, "Target": {"A": "9", "B": "90"}, "Floor": {"A": "13", "B": "80"}}
    ),
    "ratings": chart(
        "ratings", {"Green": {"A": "7", "B": "0"}, "Amber": {"A": "3", "B": "2"}, "Red": {"A": "4", "B": "1"}}
    ),
    "diverging": chart(
        "diverging", {"Growth": {"A": "4.5", "B": "0"}, "Savings": {"A": "-3", "B": "-6"}}, unit="gbp-million"
    ),
    "proportion": chart("proportion", {"Share": {"A": "60", "B": "30", "C": "11"}}, unit="percent"),
    "tiles": replace(chart("tiles"), places=((1, 1), (1, 2), (2, 2))),
    "multiples": chart("multiples", {**PAIR, "Left [over]": {"Easter.2021": "5"}}),
    "answers": chart("diverging", {"No": {"A": "14", "B": "0"}, "Yes": {"A": "66", "B": "41"}}, unit="percent"),
    "timeline": replace(
        chart("timeline", {}),
        categories=("A first [step]", "A second step with " + "many words " * 12, "The last."),
        series=(),
        times=("June 2024", "June 2024", "5 February 2025"),
    ),
    "votes": chart(
        "votes", {"For": {"A": "37", "B": "0"}, "Against": {"A": "15", "B": "40"}, "Abstain": {"A": "1", "B": "0"}}
    ),
    "card": replace(
        chart("card", {"Result": {"Easter.2021": "57.7", "Summer [2021]": "626 [p]", 'Winter "21": a': "[lost]"}}),
        indicators=CARDS,
    ),
    "scorecard": replace(chart("scorecard", {}), indicators=SCORED),
    "band": chart("line", {"Share": {"Dec": "19.1", "Mar": "19.7 [p]"}}, unit="percent", limits=LIMITS[2:]),
    "break": chart("line", {"Cases": {"2021": "23", "2022": "43 [b]", "2023": "33"}}),
    "area": chart("area", {"Visits": {"2021": "4", "2022": "[x]", "2023": "6 [f]", "2024": "7"}}),
    "areas": chart("area", YEARS),
    "shares": chart(cells=YEARS, share=True),
    "dots": chart("dots", PAIR),
    "dots-cut": chart("dots", {"Share": {"A": "80", "B": "[lost]", "C": "95.5"}}, unit="percent"),
    "line-zero": chart("line", {"Visits": {"Only": "0"}}),
}
"""A chart of every kind, with names that Vega-Lite would misread as paths, missing values and marks."""
