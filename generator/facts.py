"""Remember what was made, with every fact that was read to make it.

There is one chain.  With an empty memo it is a clean build; with a warm one a result is taken as it is where its
inputs are equal and no fact that was read differs from what it was when its stage last ran to the end.  Facts note by
themselves who reads them, so that no list of dependencies can be wrong; what is read must be handed over as `Facts`, or
stand among the inputs.  A result that was not asked for in a whole pass of its stage is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, ParamSpec, TypeVar

from generator.digest import Digest, digest

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")
P = ParamSpec("P")

NAMES = "all names"
"""The key under which it is noted that the names of all facts of a kind were read."""
Reads = dict[str, dict[Any, Digest | None]]
"""By kind and key, the digest of each fact that was read; `None` for one that was looked for and not there."""

Labelled = tuple[Mapping[str, Digest], ...]
"""Inputs with labels in words; in parts, so that those which pages share are compared at a glance."""
Inputs = tuple[Labelled, Reads]
"""What a file is made from: labelled inputs, and the facts that were read."""


class Facts(Mapping[K, V]):
    """Values by key, each with a digest; each look-up is noted by whoever makes something at the time."""

    def __init__(self, memo: Memo, kind: str, values: Mapping[K, V], digests: Mapping[K, Digest]) -> None:
        """Hold *values* with their *digests*, which have the same keys in the same order."""
        self._kind, self._values, self._memo = kind, values, memo
        self._digests: Mapping[Any, Digest] = digests
        self._compared: tuple[Facts[Any, Any] | None, Set[object]] | None = None
        """The facts of the build before, with the keys of those that differ: each stage asks for it."""
        memo.facts[kind] = self

    def __getitem__(self, key: K) -> V:
        self._memo.note(self._kind, key, self)
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        self._memo.note(self._kind, key, self)
        return key in self._values

    def __iter__(self) -> Iterator[K]:
        self._memo.note(self._kind, NAMES, self)
        return iter(self._values)

    def __len__(self) -> int:
        self._memo.note(self._kind, NAMES, self)
        return len(self._values)

    def seen(self, key: object) -> Digest | None:
        """Return the digest of a fact, or of all names in their order; `None` if there is no such fact."""
        return self._names if key == NAMES else self._digests.get(key)

    def differing(self, former: Facts[Any, Any] | None) -> Set[object]:
        """Return the keys of the facts that are not as they were, with `NAMES` if the keys or their order differ."""
        if former is self:
            return frozenset()
        if self._compared is None or self._compared[0] is not former:
            digests: Mapping[Any, Digest] = {} if former is None else former._digests
            found = {key for key, _ in self._digests.items() ^ digests.items()} if self._digests != digests else set()
            if former is None or list(self._digests) != list(digests):
                found.add(NAMES)
            self._compared = (former, found)
            if former is not None:
                former._compared = None  # lets go of those before
        return self._compared[1]

    @cached_property
    def _names(self) -> Digest:
        return digest(*map(str, self._digests))


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A result with what it was made from."""

    inputs: object
    reads: Reads
    value: T


class Memo:
    """Results by stage; lives as long as the process that serves, or for one build."""

    def __init__(self) -> None:
        self.facts: dict[str, Facts[Any, Any]] = {}
        """The facts of the present build, by kind."""
        self._stages: dict[str, _Stage] = {}
        self._readers: list[Reads] = []

    def note(self, kind: str, key: object, facts: Facts[Any, Any]) -> None:
        """Note that a fact was read by whatever is being made."""
        if self._readers:
            self._readers[-1].setdefault(kind, {})[key] = facts.seen(key)

    @property
    def is_noting(self) -> bool:
        """Whether something is being made that notes what is read."""
        return bool(self._readers)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Run a pass of a stage; what a whole pass did not ask for is forgotten at its end."""
        stage, facts = Stage(self, self._stages.setdefault(name, _Stage({}, {}, NONE))), dict(self.facts)
        try:
            yield stage
        except BaseException:
            self.facts = facts  # what is remembered goes with those
            raise
        self._stages[name] = _Stage(stage.present, dict(self.facts), stage.many)

    def make(self, inputs: object, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Entry[T]:
        """Make something and note what is read."""
        reads: Reads = {}
        self._readers.append(reads)
        try:
            value = make(*args, **kwargs)
        finally:
            self._readers.pop()
        self.pass_on(reads)
        return Entry(inputs, reads, value)

    def pass_on(self, reads: Reads) -> None:
        """Let whatever is being made depend on what a part of it has read."""
        if self._readers:
            for kind, found in reads.items():
                self._readers[-1].setdefault(kind, {}).update(found)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a stage remembers, and the facts that held when it last ran to its end."""

    entries: Mapping[Hashable, Entry[Any]]
    facts: Mapping[str, Facts[Any, Any]]
    many: _Many


@dataclass(frozen=True, slots=True)
class _Many:
    """What `Stage.entries` was asked for, and what it found, in its order."""

    keys: Sequence[Hashable]
    inputs: Sequence[object]
    shared: object
    found: list[Entry[Any]]


NONE = _Many((), (), None, [])
RUN = 64
"""How many entries are compared at once; of thousands, an edit changes one."""


class Stage:
    """One pass of a stage."""

    def __init__(self, memo: Memo, former: _Stage) -> None:
        self._memo, self._former = memo, former
        differing = ((kind, facts.differing(former.facts.get(kind))) for kind, facts in memo.facts.items())
        self._changed = {kind: keys for kind, keys in differing if keys}
        """By kind, the facts that differ from what they were at the end of the last whole pass."""
        self.present: dict[Hashable, Entry[Any]] = {}
        """What this pass has asked for."""
        self.many = NONE

    def recall(self, key: Hashable, inputs: object, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what was made under *key* from equal *inputs* and unchanged facts, or make it now."""
        return self.entry(key, inputs, make, *args, **kwargs).value

    def entries(
        self,
        keys: Sequence[Hashable],
        inputs: Sequence[object],
        make: Callable[[int], T],
        shared: object = None,
        on_made: Callable[[int], None] = lambda done: None,
    ) -> list[Entry[T]]:
        """Return the entries of many *keys*; *make* gets the number of one, with *inputs* of its own and *shared* ones.

        The same as `entry` for one after the other, but sooner: runs in which nothing has changed are taken over
        whole.  *on_made* hears how many are done, after each that is not part of such a run.
        """
        former, found = self._former.many, list[Entry[T]]()
        self.many = _Many(keys, inputs, shared, found)
        for start in range(0, len(keys), RUN):
            run = slice(start, start + RUN)
            known = former.found[run]
            if (
                keys[run] == former.keys[run]
                and inputs[run] == former.inputs[run]
                and shared == former.shared
                and (not self._changed or all(map(self._changed.keys().isdisjoint, map(attrgetter("reads"), known))))
                and not self._memo.is_noting
            ):
                self.present.update(zip(keys[run], known, strict=True))
                found += known
                continue
            for number in range(start, min(start + RUN, len(keys))):
                found.append(self.entry(keys[number], (shared, inputs[number]), make, number))
                on_made(len(found))
        return found

    def entry(self, key: Hashable, inputs: object, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Entry[T]:
        """Return what `recall` returns, with what was read to make it."""
        found = self._former.entries.get(key)
        if (
            found is None
            or found.inputs != inputs
            or any(not keys.isdisjoint(found.reads.get(kind, ())) for kind, keys in self._changed.items())
        ):
            found = self._memo.make(inputs, make, *args, **kwargs)
        else:
            self._memo.pass_on(found.reads)
        self.present[key] = found
        return found

    def known(self, key: Hashable, inputs: object) -> Entry[Any] | None:
        """Return what was kept under *key* with equal *inputs*; for results that are made several at a time."""
        found = self._former.entries.get(key)
        if found is None or found.inputs != inputs:
            return None
        self.present[key] = found
        return found

    def keep(self, key: Hashable, inputs: object, value: object) -> None:
        """Keep a result under *key*."""
        self.present[key] = Entry(inputs, {}, value)
