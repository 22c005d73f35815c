"""YAML is read strictly, and every problem names the place of its key or value."""

from __future__ import annotations

import datetime

import pytest

from generator.diagnostics import Diagnostic, Location
from generator.positioned import MAX_BYTES, Items, Reader, Table, Text, parse_yaml


def reader(text: str) -> Reader:
    """Return a reader of YAML that has no problems yet."""
    parsed = parse_yaml(text, "a.yaml")
    assert parsed.problems == ()
    return Reader(parsed.value, "the table", [])


def only(problems: list[Diagnostic] | tuple[Diagnostic, ...]) -> tuple[str, str]:
    """Return code and place of the only problem."""
    assert len(problems) == 1, problems
    return problems[0].code, str(problems[0].at)


def test_keys_and_values_know_their_places() -> None:
    table = parse_yaml("a: 1\nb:\n  - x\n  - yy: z\n", "a.yaml", first_line=10).value
    assert table.entries["a"].key_at == Location("a.yaml", 10, 1, 1)
    assert table.entries["a"].node == Text("1", Location("a.yaml", 10, 4, 1))
    items = table.entries["b"].node
    assert isinstance(items, Items)
    inner = items.values[1]
    assert isinstance(inner, Table)
    assert inner.entries["yy"].key_at == Location("a.yaml", 13, 5, 2)


@pytest.mark.parametrize(
    "written", ["2024-25", "no", "010", "12:30", "1_000", "~", "null", "1e3", "0x1F", "2024-01-01", "=", "true"]
)
def test_scalars_stay_as_the_editor_wrote_them(written: str) -> None:
    found = reader(f"key: {written}")
    assert found.text("key") == written


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\na: 2\n", "yaml-duplicate-key", "a.yaml:2:1"),
        ("a: &x 1\n", "yaml-alias", "a.yaml:1:4"),
        ("a: 1\nb: *x\n", "yaml-alias", "a.yaml:2:4"),
        ("a: !!python/name:os.system 1\n", "yaml-tag", "a.yaml:1:4"),
        ("a: !!str 1\n", "yaml-tag", "a.yaml:1:4"),
        ("[" * 50_000, "yaml-syntax", "a.yaml:1:32"),
        ("- " * 50_000, "yaml-syntax", "a.yaml:1:63"),
        ("a: !python/x 1\n", "yaml-tag", "a.yaml:1:4"),
        ("- a\n", "yaml-type", "a.yaml:1:1"),
        ("just words\n", "yaml-type", "a.yaml:1:1"),
        ("? [a]\n: b\n", "yaml-type", "a.yaml:1:3"),
        ("a: [1\n", "yaml-syntax", "a.yaml:2:1"),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", "a.yaml:2:1"),
        ("a: 'x\n", "yaml-syntax", "a.yaml:2:1"),
        ("a: \x07\n", "yaml-syntax", "a.yaml:1"),
        (f"a: {'x' * MAX_BYTES}", "yaml-too-large", "a.yaml:1"),
    ],
    ids=lambda text: text[:12].replace("\n", " "),
)
def test_what_is_not_allowed_is_reported_in_its_place(text: str, code: str, place: str) -> None:
    assert only(parse_yaml(text, "a.yaml").problems) == (code, place)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_empty_document_is_an_empty_table(text: str) -> None:
    found = parse_yaml(text, "a.yaml", first_line=4)
    assert found.problems == ()
    assert found.value == Table({}, Location("a.yaml", 4))


def test_first_of_two_equal_keys_wins() -> None:
    assert Reader(parse_yaml("a: 1\na: 2\n", "a.yaml").value, "x", []).text("a") == "1"


def test_colon_in_a_value_is_explained() -> None:
    problem = parse_yaml("title: Home: sweet\n", "a.yaml").problems[0]
    assert problem.message == "a colon stands where no key can be"
    assert problem.hint == "put the text that holds a colon into quotes"


def test_tab_is_explained() -> None:
    problem = parse_yaml("a:\n\tb: 1\n", "a.yaml").problems[0]
    assert problem.message == "a tab character indents this line"
    assert problem.hint == "indent with spaces"


@pytest.mark.parametrize("depth", [100, 900, 20_000, 60_000])
def test_deep_nesting_is_a_problem_and_no_crash(depth: int) -> None:
    """PyYAML's composer in C overflows the stack at some depth, which nothing in Python can catch."""
    problem = parse_yaml("a: " + "[" * depth + "]" * depth, "a.yaml").problems[0]
    assert (problem.message, problem.hint) == ("this is nested too deep", "write it flatter")


def test_aliases_that_would_multiply_are_not_followed() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    found = parse_yaml("\n".join(lines), "a.yaml")
    assert {problem.code for problem in found.problems} == {"yaml-alias"}
    assert len(repr(found.value)) < 200_000


def test_missing_and_empty_texts_are_told_apart() -> None:
    found = reader("title: ''\n")
    assert found.text("title", required=True) == ""
    assert found.text("summary", required=True, default="none") == "none"
    assert [(p.code, p.message) for p in found.problems] == [
        ("missing-key", "'title' is empty"),
        ("missing-key", "the table has no 'summary'"),
    ]


def test_wrong_choice_is_reported_with_the_nearest_one_and_becomes_the_default() -> None:
    found = reader("phase: aproved\n")
    assert found.choice("phase", ("draft", "approved"), default="draft") == "draft"
    assert only(found.problems) == ("unknown-value", "a.yaml:1:8")
    assert found.problems[0].hint == "did you mean 'approved'?"


def test_single_text_is_a_list_of_one() -> None:
    found = reader("a: x\nb: [y, z]\nc: [{d: e}, f]\n")
    assert [text.value for text in found.texts("a") + found.texts("b") + found.texts("c")] == ["x", "y", "z", "f"]
    assert only(found.problems) == ("wrong-type", "a.yaml:3:5")


@pytest.mark.parametrize(("written", "read"), [("true", True), ("false", False)])
def test_flag_is_true_or_false(written: str, read: bool) -> None:
    assert reader(f"a: {written}").flag("a") is read


def test_flag_that_is_not_written_has_its_default() -> None:
    assert reader("").flag("a", default=True) is True


@pytest.mark.parametrize(("written", "read"), [("7", 7), ("-3", -3), ("0", 0), ("010", 10)])
def test_whole_number_is_read(written: str, read: int) -> None:
    found = reader(f"a: {written}")
    assert found.whole("a") == read
    assert found.problems == []


@pytest.mark.parametrize(
    "written",
    [
        "1.5",
        "many",
        "1_000",
        "--5",
        "²",
        "9" * 5000,
    ],
    ids=lambda text: text[:6],
)
def test_what_is_no_whole_number_is_reported(written: str) -> None:
    found = reader(f"a: {written}")
    assert found.whole("a", default=1) == 1
    assert only(found.problems) == ("wrong-type", "a.yaml:1:4")


def test_date_is_read_or_reported() -> None:
    found = reader("a: 2024-02-29\nb: 2023-02-29\n")
    assert found.date("a") == datetime.date(2024, 2, 29)
    assert found.date("b") is None
    assert only(found.problems) == ("wrong-type", "a.yaml:2:4")


def test_table_in_the_place_of_a_list_is_reported() -> None:
    found = reader("a: {b: c}\nd: [e]\nf: g\n")
    assert found.readers("a", "the entry") == []
    assert found.readers("d", "the entry") == []
    assert found.reader("f", "the entry") is None
    assert [str(p.at) for p in found.problems] == ["a.yaml:1:4", "a.yaml:2:5", "a.yaml:3:4"]


def test_keys_that_nobody_asked_for_are_reported_at_the_end() -> None:
    found = reader("titel: a\nother: b\n")
    found.text("title")
    found.close()
    assert [(p.code, str(p.at), p.hint) for p in found.problems] == [
        ("unknown-key", "a.yaml:1:1", "did you mean 'title'?"),
        ("unknown-key", "a.yaml:2:1", "keys are: title"),
    ]


def test_rest_hands_out_what_is_left_and_counts_as_asked() -> None:
    found = reader("a: 1\nb: 2\n")
    found.text("a")
    assert list(found.rest()) == ["b"]
    found.close()
    assert found.problems == []


def test_problems_of_inner_tables_go_to_the_same_list() -> None:
    found = reader("a: {b: [c]}\n")
    inner = found.reader("a", "the inner table")
    assert inner is not None
    inner.text("b")
    assert only(found.problems) == ("wrong-type", "a.yaml:1:8")


def test_half_a_character_is_refused_at_its_place() -> None:
    found = parse_yaml('a: b\ntitle: "x\\ud800"\n', "a.yaml")
    assert [(p.code, str(p.at), p.hint) for p in found.problems] == [
        ("yaml-syntax", "a.yaml:2:8", "write the character itself")
    ]


def test_text_knows_whether_it_stands_in_quotes() -> None:
    table = parse_yaml("a: 1\nb: '1'\nc: |\n  1\n", "a.yaml").value
    nodes = [entry.node for entry in table.entries.values()]
    assert [node.is_quoted for node in nodes if isinstance(node, Text)] == [False, True, True]
