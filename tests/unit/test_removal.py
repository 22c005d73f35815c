"""Entries that are taken out of a list in YAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.positioned import Items, Table, parse_yaml
from generator.removal import without_entries

BLOCK = """\
# Our copy
name: parks
old:
  # Compared twice
  - check: a   # the first
    reason: One.

  - {check: b, reason: Two.}
  -
    check: c
    reason: >
      Three lines
      in one.

  # The end
notes: [One.]
"""


def without(text: str, *checks: str) -> str:
    """Remove the entries of *checks*, at the places where the strict reader saw them."""
    held = parse_yaml(text, "x.yaml").value.entries["old"].node
    assert isinstance(held, Items)
    places = [
        (entry.at.line, entry.at.column)
        for entry in held.values
        if isinstance(entry, Table) and getattr(entry.entries["check"].node, "value", "") in checks
    ]
    return without_entries(text, "old", places)


def test_first_entry_goes_with_its_lines_and_comments_between_entries_stay() -> None:
    assert without(BLOCK, "a") == BLOCK.replace("  - check: a   # the first\n    reason: One.\n", "")


def test_entry_in_braces_is_a_line_of_its_own() -> None:
    assert without(BLOCK, "b") == BLOCK.replace("  - {check: b, reason: Two.}\n", "")


def test_entry_may_begin_below_its_dash_and_end_with_a_text_of_several_lines() -> None:
    entry = "  -\n    check: c\n    reason: >\n      Three lines\n      in one.\n"
    assert without(BLOCK, "c").replace("\n\n", "\n") == BLOCK.replace(entry, "").replace("\n\n", "\n")


def test_last_entry_takes_the_key_with_it() -> None:
    left = without(BLOCK, "a", "b", "c")
    assert left.startswith("# Our copy\nname: parks\n")
    assert left.endswith("notes: [One.]\n")
    assert yaml.safe_load(left) == {"name": "parks", "notes": ["One."]}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("old: [{check: a}, {check: b}]\n", "old: [{check: b}]\n"),
        ("old: [{check: b}, {check: a}]\nx: 1\n", "old: [{check: b}]\nx: 1\n"),
        ("old: [\n  {check: b},\n  {check: a},\n]\n", "old: [\n  {check: b},\n]\n"),
        ("x: 1\nold: [{check: a}]\n", "x: 1\n"),
        ("x: 1\nold: [\n  {check: a}\n]", "x: 1\n"),
        ("{x: 1, old: [{check: a}], y: 2}\n", "{x: 1, old: [], y: 2}\n"),
        ("x: 1\r\nold:\r\n- check: a\r\n- check: b\r\n", "x: 1\r\nold:\r\n- check: b\r\n"),
        ("x: 1\nold:\n- check: b\n- check: a", "x: 1\nold:\n- check: b\n"),
        ("é: 😀\nold:\n- {check: b}\n- {check: a, é: 😀}\n", "é: 😀\nold:\n- {check: b}\n"),
    ],
)
def test_style_of_the_list_stays(text: str, left: str) -> None:
    assert without(text, "a") == left


@pytest.mark.parametrize("places", [[], [(1, 1)], [(99, 1)]])
def test_text_without_such_an_entry_stays(places: list[tuple[int, int]]) -> None:
    assert without_entries(BLOCK, "old", places) == BLOCK
    assert without_entries("[]", "old", places) == "[]"


ENTRIES = {
    "block": "- check: {0}\n  at: {{a: 1}}\n  reason: |\n    - x\n\n    y\n\n",
    "dash": "-\n  # note - here\n  check: {0}\n  list:\n  - 1\n\n",
    "braces": "- {{check: {0}, at: {{column: b}}}} # - end\n",
}


@given(
    styles=st.lists(st.sampled_from(sorted(ENTRIES)), min_size=1, max_size=5),
    gone=st.sets(st.integers(0, 4)),
    after=st.sampled_from(["", "notes: [x]\n", "# end\n"]),
)
def test_what_is_left_reads_as_before_without_the_entries(styles: list[str], gone: set[int], after: str) -> None:
    text = "name: x\nold:\n" + "".join(ENTRIES[style].format(f"c{n}") for n, style in enumerate(styles)) + after
    before = yaml.safe_load(text)
    left = yaml.safe_load(without(text, *(f"c{n}" for n in gone)))
    kept = [entry for n, entry in enumerate(before.pop("old")) if n not in gone]
    assert left == ({**before, "old": kept} if kept else before)
