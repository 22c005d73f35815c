"""A digest names content, and nothing else."""

from __future__ import annotations

from generator.digest import digest, digest_of


def test_digest_is_the_same_everywhere_and_for_ever() -> None:
    assert digest("a", b"b") == "4fc56058b4df0ca122be9a2e429541d6"


def test_boundaries_and_order_of_the_parts_count() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("c", "ab"), digest("abc", "")}) == 5


def test_text_and_its_bytes_have_one_digest() -> None:
    assert digest("é") == digest("é".encode())


def test_order_of_keys_does_not_count_but_that_of_items_does() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])
    assert digest_of("1") != digest_of(1)
