"""Read the limits that a line is drawn against: a target, a floor, or the two ends of an expected range.

A limit stands in a column of the figures themselves, and is drawn only where all rows of the chart agree on it: a line
across says that it held all the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.charts.spec import ChartSpec
from generator.datasets import Dataset, Row
from generator.diagnostics import Diagnostic, Location
from generator.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across a chart."""

    role: str
    """``target``, ``floor``, ``lower`` or ``upper``; the last two come together."""
    title: str
    """What the dataset calls it, e.g. ``Floor standard``."""
    value: Decimal


def read_limits(
    spec: ChartSpec, dataset: Dataset, rows: Sequence[Row], problems: list[Diagnostic]
) -> tuple[Limit, ...]:
    """Return the limits that *spec* names; what cannot be drawn as a line across is noted in *problems*."""
    found = []

    def refuse(message: str, at: Location, hint: str) -> None:
        problems.append(Diagnostic("unfit-chart", message, at, hint=hint))

    for role, name in spec.limits:
        title = dataset.field(name.value).title
        if spec.kind != "line":
            hint = "write 'kind: line', or 'kind: bullet' for one result and its two limits"
            refuse(f"'{title}' is a line across, which belongs to a line chart", name.at, hint)
            continue
        cells = [(dataset.value(row, name.value), dataset.text(row, name.value)) for row in rows]
        known = [cell for cell, _ in cells if isinstance(cell, Quantity) and cell.number is not None]
        values = {cell.number for cell in known if not cell.qualifier and not cell.mark}
        if len(known) == 0 or any(cell.qualifier or cell.mark for cell in known):
            hint = f"leave out '{name.value}', and say it in a note"
            refuse(f"'{title}' is '{cells[-1][1]}', and a line across needs a plain number", name.at, hint)
        elif len(values) > 1:
            said = " and ".join(dict.fromkeys(text for cell, text in cells if cell in known))
            hint = "filter the rows to one limit, or write 'kind: dumbbell' with the limit as second column"
            refuse(f"'{title}' is not the same in all rows ({said}), and a line across has one value", name.at, hint)
        else:
            found += [Limit(role, title, value) for value in values if value is not None]
    ends = {limit.role: limit.value for limit in found}
    if "lower" in ends and "upper" in ends and ends["lower"] >= ends["upper"]:
        refuse(
            "the band ends where it begins or below", spec.common.at, "name the lower column first: band: [low, high]"
        )
    return tuple(found)
