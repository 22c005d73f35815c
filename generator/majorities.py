"""Decide the word of an outcome from the words of its measures, as far as the paper says how.

A word has the majority if more than half of the measures that count have it.  Ties and single measures are decided only
by what the sidecar says that the paper says of them; otherwise they are left open, with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from generator.rating_rules import Majority


def decide(words: Sequence[str], measures: int, rule: Majority) -> tuple[str, str]:
    """Return the word of the majority, empty if it cannot be told, and the reason for a reader.

    *words* are those of the measures that count, *measures* is the number of all.

    >>> rule = Majority(frozenset({"x"}), {frozenset({"Up", "Down"}): "Mixed"}, single_stands=True)
    >>> for words in (["Up", "Up", "Down"], ["Up", "Up"], ["Up", "Down"], ["Up", "Level"], ["Up"]):
    ...     print(*decide(words, 3, rule), sep=": ")
    Up: Of 3 measures, 2 are Up and 1 is Down.
    Up: Both measures that count are Up.
    Mixed: Of 2 measures that count, 1 is Up and 1 is Down. For this tie the report has the word Mixed.
    : Of 2 measures that count, 1 is Up and 1 is Level. The report does not say what follows from this tie.
    Up: 1 measure counts, and is Up. The word of a single measure stands for the whole.
    """
    if not words:
        return "", "No measure has a word that counts."
    counted = Counter(words).most_common()
    if len(words) == 1:
        if not rule.single_stands:
            return (
                "",
                f"1 measure counts, and is {words[0]}. The report does not say what follows from a single measure.",
            )
        return words[0], f"1 measure counts, and is {words[0]}. The word of a single measure stands for the whole."
    which = "measures that count" if len(words) < measures else "measures"
    if len(counted) == 1:
        return words[0], f"{'Both' if len(words) == 2 else f'All {len(words)}'} {which} are {words[0]}."
    parts = [f"{number} {'is' if number == 1 else 'are'} {word}" for word, number in counted]
    said = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    sentence = f"Of {len(words)} {which}, {said}."
    word, most = counted[0]
    if most * 2 > len(words):
        return word, sentence
    first = frozenset(word for word, number in counted if number == most)
    if len(first) == 1:
        return "", f"{sentence} {word} is the most frequent, but not more than half."
    if gives := rule.ties.get(first):
        return gives, f"{sentence} For this tie the report has the word {gives}."
    return "", f"{sentence} The report does not say what follows from this tie."
