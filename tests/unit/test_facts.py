"""What is remembered is taken as it is only where nothing that it was made from has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.digest import digest
from generator.facts import Entry, Facts, Memo
from tests.command import FULL


class Desk:
    """Counts how often things are made from facts."""

    def __init__(self) -> None:
        self.memo = Memo()
        self.made: list[str] = []

    def build(self, facts: Mapping[str, str], wanted: Mapping[str, Callable[[Mapping[str, str]], object]]) -> list[str]:
        """Make what is *wanted* from *facts*; return what was made anew."""
        self.made = []
        given = Facts(self.memo, "fact", facts, {name: digest(text) for name, text in facts.items()})

        def make(name: str) -> object:
            self.made.append(name)
            return wanted[name](given)

        with self.memo.stage("stage") as stage:
            for name in wanted:
                stage.recall(name, "input", make, name)
        return self.made


FACTS = {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("read", "edited", "again"),
    [
        (lambda facts: facts["a"], {"a": "1", "b": "3"}, False),
        (lambda facts: facts["a"], {"a": "2", "b": "2"}, True),
        (lambda facts: facts["a"], {"b": "2"}, True),
        (lambda facts: facts.get("c"), {**FACTS, "c": "3"}, True),
        (lambda facts: "c" in facts, {**FACTS, "c": "3"}, True),
        (lambda facts: "a" in facts, {**FACTS, "c": "3"}, False),
        (list, {**FACTS, "c": "3"}, True),
        (list, {"b": "2", "a": "1"}, True),
        (list, {"a": "1", "b": "3"}, False),
        (len, {"a": "1"}, True),
        (lambda facts: list(facts.values()), {"a": "1", "b": "3"}, True),
        (lambda facts: 1, {}, False),
    ],
)  # fmt: skip
def test_thing_is_made_again_where_a_fact_that_it_read_has_changed(
    read: Callable[[Mapping[str, str]], object], edited: Mapping[str, str], again: bool
) -> None:
    desk = Desk()
    desk.build(FACTS, {"thing": lambda facts: read(facts) and None})
    assert bool(desk.build(FACTS, {"thing": read})) is False
    assert bool(desk.build(edited, {"thing": lambda facts: None})) is again


def test_facts_are_compared_with_those_of_the_last_whole_pass() -> None:
    desk = Desk()
    wanted: dict[str, Callable[[Mapping[str, str]], object]] = {"thing": lambda facts: facts["a"]}
    desk.build(FACTS, wanted)
    Facts(desk.memo, "fact", {"a": "5"}, {"a": digest("5")})  # a build that ended before this stage
    assert desk.build({**FACTS, "a": "5"}, wanted) == ["thing"]
    assert desk.build(FACTS, wanted) == ["thing"]


def test_pass_that_ends_early_forgets_nothing() -> None:
    memo = Memo()
    with memo.stage("stage") as stage:
        stage.recall("a", 1, str, 1)
    with pytest.raises(ZeroDivisionError), memo.stage("stage") as stage:
        stage.recall("b", 1, divmod, 1, 0)
    with memo.stage("stage") as stage:
        assert stage.known("a", 1) is not None


def test_facts_made_in_a_pass_that_ends_early_are_forgotten_with_it() -> None:
    memo = Memo()
    former = Facts(memo, "fact", {"a": "1"}, {"a": digest("1")})

    def fail() -> None:
        with memo.stage("stage"):
            Facts(memo, "fact", {"a": "2"}, {"a": digest("2")})
            raise ValueError("ends early")

    with pytest.raises(ValueError, match="ends early"):
        fail()
    assert memo.facts["fact"] is former


def test_what_a_whole_pass_did_not_ask_for_is_forgotten() -> None:
    memo = Memo()
    with memo.stage("stage") as stage:
        stage.keep("a", 1, "kept")
    with memo.stage("stage"):
        pass
    with memo.stage("stage") as stage:
        assert stage.known("a", 1) is None


def test_whole_depends_on_what_its_parts_read_even_if_they_are_remembered() -> None:
    memo = Memo()
    made: list[str] = []

    def part() -> str:
        made.append("part")
        return given["a"]

    def whole() -> None:
        made.append("whole")
        with memo.stage("parts") as parts:
            parts.recall("part", 1, part)

    for text in ("1", "1", "2"):
        given = Facts(memo, "fact", {"a": text}, {"a": digest(text)})
        with memo.stage("wholes") as stage:
            stage.recall("whole", len(made), whole)  # other inputs, so that the whole is made each time
    assert made == ["whole", "part", "whole", "whole", "part"]


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["input", "shared", "fact", "insert", "remove", "swap"]), st.integers(0, 199)), max_size=3
)


@given(st.lists(STEPS, min_size=1, max_size=4))
@settings(max_examples=500 if FULL else 40, deadline=None, derandomize=not FULL, database=None)
def test_entries_of_many_are_those_of_one_after_the_other(builds: list[list[Step]]) -> None:
    """Pages come, go, change and move among two hundred; each reads one of ten facts."""
    pages, facts = [(f"page {number}", 0) for number in range(200)], dict.fromkeys("abcdefghij", "")
    together, single, shared = Memo(), Memo(), 0

    def build(memo: Memo, made: list[str]) -> list[Entry[str]]:
        read = Facts(memo, "fact", facts, {name: digest(text) for name, text in facts.items()})

        def make(key: str, number: int) -> str:
            made.append(key)
            return f"{key} {number} {read['abcdefghij'[len(key) + number - 6]]}"

        with memo.stage("stage") as stage:
            if memo is together:
                keys, numbers = [key for key, _ in pages], [number for _, number in pages]
                return stage.entries(keys, numbers, lambda place: make(*pages[place]), shared)
            return [stage.entry(key, (shared, number), make, key, number) for key, number in pages]

    for steps in [[], *builds]:
        for what, number in steps:
            place = number % len(pages)
            if what == "input":
                pages[place] = (pages[place][0], 1 - pages[place][1])
            elif what == "shared":
                shared = 1 - shared
            elif what == "fact":
                facts["abcdefghij"[number % 10]] += "."
            elif what == "insert":
                pages.insert(place, (f"new {len(pages)} {number}"[:10], 0))
            elif what == "remove":
                del pages[place]
            else:
                pages[place - 1], pages[place] = pages[place], pages[place - 1]
        pages = list(dict(pages).items())  # a key stands once
        made: list[str] = []
        made_singly: list[str] = []
        found, expected = build(together, made), build(single, made_singly)
        assert (made, found) == (made_singly, expected)
        assert [entry.value for entry in found] == [entry.value for entry in build(Memo(), [])]


def test_progress_of_many_is_told_after_each_that_is_not_taken_over_with_its_neighbours() -> None:
    memo = Memo()
    told: list[int] = []
    for changed in (-1, 150):
        with memo.stage("stage") as stage:
            inputs = [number == changed for number in range(200)]
            stage.entries(range(200), inputs, str, on_made=told.append)
    assert told == [*range(1, 201), *range(129, 193)]


def test_what_reads_many_depends_on_what_they_read() -> None:
    memo = Memo()
    made: list[str] = []

    def part(name: str) -> str:
        made.append(name)
        return read[name]

    def whole() -> list[str]:
        with memo.stage("parts") as parts:
            return [entry.value for entry in parts.entries("ab", "12", lambda place: part("ab"[place]))]

    for inputs, text in ((1, "1"), (2, "1"), (2, "2")):
        read = Facts(memo, "fact", {"a": text, "b": "b"}, {"a": digest(text), "b": digest("b")})
        with memo.stage("wholes") as stage:
            assert stage.recall("whole", inputs, whole) == [text, "b"]
    assert made == ["a", "b", "a"]
