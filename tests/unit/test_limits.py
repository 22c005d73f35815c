"""A printed result is an interval; it meets a limit, misses it, or cannot be told from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.limits import meets
from generator.quantities import Quantity, parse_quantity


def quantity(text: str) -> Quantity:
    found = parse_quantity(text)
    assert isinstance(found, Quantity)
    return found


@pytest.mark.parametrize(
    ("value", "limit", "met_when", "expected"),
    [
        ("81", "80", "at or above", True),
        ("80.5", "80", "at or above", True),
        ("80", "80", "at or above", None),
        ("79", "80", "at or above", False),
        ("79.9", "80", "at or above", False),
        ("80.5", "80", "above", True),
        ("80.0", "80", "above", None),
        ("79", "80", "above", False),
        ("79", "80", "at or below", True),
        ("79.5", "80", "at or below", True),
        ("80", "80", "at or below", None),
        ("81", "80", "at or below", False),
        ("79", "80", "below", True),
        ("80.0", "80", "below", None),
        ("81", "80", "below", False),
        ("at least 81", "80", "at or above", True),
        ("at least 79", "80", "at or above", None),
        ("over 81", "80", "below", False),
        ("up to 79", "80", "below", True),
        ("under 81", "80", "below", None),
        ("about 99", "80", "above", None),
    ],
)  # fmt: skip
def test_rounded_result_meets_a_limit_only_with_its_whole_interval(
    value: str, limit: str, met_when: str, expected: bool | None
) -> None:
    assert meets(quantity(value), "percent", Decimal(limit), met_when) is expected


@pytest.mark.parametrize(
    ("value", "met_when", "expected"),
    [
        ("270", "at or below", True),
        ("270", "below", False),
        ("270", "at or above", True),
        ("270", "above", False),
        ("271", "at or below", False),
        ("271", "above", True),
        ("269", "below", True),
    ],
)  # fmt: skip
def test_count_is_exact_so_strictness_decides_at_the_limit(value: str, met_when: str, expected: bool) -> None:
    assert meets(quantity(value), "count", Decimal(270), met_when) is expected
