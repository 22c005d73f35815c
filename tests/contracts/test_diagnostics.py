"""Every code of a diagnostic is raised by a golden case or named by a unit test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RAISING = {"Diagnostic", "problem", "report", "_refused"}
"""Names of what is called with a code as its first argument."""


def raised() -> dict[str, str]:
    """Return every code with a place of the program that raises it."""
    codes: dict[str, str] = {}
    for file in sorted((ROOT / "generator").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in RAISING and isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.setdefault(first.value, f"{file.relative_to(ROOT).as_posix()}:{node.lineno}")
    return codes


def in_goldens() -> set[str]:
    """Return the codes that the golden cases expect."""
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "golden").glob("*/problems.txt")]
    return {code for text in texts for code in re.findall(r": (?:error|warning|note)\[([a-z0-9-]+)\]: ", text)}


def in_unit_tests() -> set[str]:
    """Return all texts that stand in unit tests as values, not as words of a comment."""
    found: set[str] = set()
    for file in (ROOT / "tests" / "unit").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


CODES = raised()


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_is_raised_by_a_test(code: str) -> None:
    assert code in in_goldens() | in_unit_tests(), f"{CODES[code]} raises '{code}', and no test does"


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_is_kebab_case(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


def test_goldens_expect_no_code_that_is_gone() -> None:
    assert in_goldens() <= set(CODES)
