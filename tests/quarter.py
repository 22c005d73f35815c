"""A made-up quarter for the indicators of the real site: a workbook as a council might send it, and its three slips.

Every figure in it is invented; none of it may come into the content.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from tests.workbook import xlsx

HEADINGS = ("Indicator", "What it counts", "Unit", "Result", "Target", "Target from", "Target to", "Floor",
            "Limits are met", "Amount secured (£m)", "Rating", "Rating a year before")  # fmt: skip
UNITS = {"percent": "%", "count": "number", "rate": "per 100,000"}
TURNED = {"potholes-in-time": "Amber", "foster-care-in-house": "Green"}
"""Indicators whose rating is another one in the made-up quarter."""
SHIFTED, DROPPED, THOUSANDS = "highway-repairs-in-time", "nhs-health-checks", "developer-contributions"
"""Where the slips are: results in the column of targets, a target left out, thousands of pounds in a column of
millions."""


def read(content: Path, name: str) -> list[dict[str, str]]:
    with (content / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def workbook(content: Path, *, slips: bool) -> bytes:
    """Return the workbook, with or without its three slips."""
    values = {row["indicator_id"]: row for row in read(content, "kpi-values-targets-floors") if row["what"] == "value"}
    rows: list[list[str | float | None]] = [["Performance report, made up for a test"], [], [*HEADINGS]]
    section = ""
    for indicator in read(content, "kpi-scorecard"):
        if indicator["section"] != section:
            section = indicator["section"]
            rows.append([section])
        rows.append(_row(indicator, values.get(indicator["id"]), slips=slips))
    return xlsx({"Notes": [["Made up"]], "Indicators": rows}, "Made-up report", "2024-09-19T09:00:00Z")


def _row(indicator: dict[str, str], before: dict[str, str] | None, *, slips: bool) -> list[str | float | None]:
    old = Decimal((before or {"value": "80.0"})["value"].split()[0])
    places = -int(str(old.as_tuple().exponent))
    step = max(round(old / 10, places), 2 * Decimal(1).scaleb(-places))
    result = old - step if old > 80 else old + step
    rating = TURNED.get(indicator["id"], indicator["rating"])
    away = {"Green": (-1, -2), "Amber": (1, -1), "Red": (2, 1)}[rating]
    way = -1 if indicator["polarity"].startswith("Lower") else 1
    target, floor = (float(result + way * n * step) for n in away)
    name = indicator["id"]
    cells: dict[str, str | float | None] = {
        "Indicator": indicator["indicator"],
        "What it counts": before["detail"] if before else "All that the indicator counts",
        "Unit": UNITS[before["unit"] if before else "percent"],
        "Result": float(result),
        "Target": target,
        "Floor": floor,
        "Limits are met": "At or below" if way < 0 else "At or above",
        "Rating": rating,
        "Rating a year before": indicator["rating"],
    }
    if indicator["polarity"].startswith("Inside"):
        cells |= {"Target": None, "Floor": None, "Target from": float(result - step), "Target to": float(result + step)}
    if name == THOUSANDS:
        cells["Amount secured (£m)"] = 11200.0 if slips else 11.2
    if slips and name == SHIFTED:
        cells |= {"Result": None, "Target": cells["Result"], "Floor": cells["Target"]}
    if slips and name == DROPPED:
        cells["Target"] = None
    return [cells.get(heading) for heading in HEADINGS]
