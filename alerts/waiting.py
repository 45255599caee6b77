"""Let pieces of rules wait for the terms they need, so that most are never looked at."""

from array import array
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from alerts.conditions import Compiled, Condition, Sighting
from storage.query import TextField

#: A number that is always among those found: the second term of a case that asks for none.
NOTHING: Final = -1
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of evidence of one rule, compiled."""

    rule: int
    clause: int
    piece: int
    condition: Condition
    is_late: bool


class _Queue:
    """The cases that wait for one term.

    Beside each stand two more terms, of which one must be found too: most cases end there, and
    arrays are read much faster than the objects of the cases.
    """

    __slots__ = ("cases", "either", "other")

    def __init__(self) -> None:
        self.cases: Final[list[Case]] = []
        self.either: Final = array("q")
        self.other: Final = array("q")

    def add(self, case: Case, beside: tuple[int, int]) -> None:
        self.cases.append(case)
        self.either.append(beside[0])
        self.other.append(beside[1])

    def ready(self, found: AbstractSet[int]) -> Iterator[Case]:
        """Return the cases of which a second term was found, or that ask for none."""
        place = 0
        for either, other in zip(self.either, self.other, strict=True):
            if either in found or other in found:
                yield self.cases[place]
            place += 1  # noqa: SIM113  # measured: enumerate over zip builds a pair for each


#: Cases by the term they wait for.
_Queues = dict[int, _Queue]


class Waiting:
    """All cases, each waiting for the terms without which it cannot hold."""

    def __init__(self) -> None:
        self._in_text: Final[_Queues] = {}
        self._in_field: Final[dict[TextField, _Queues]] = {}
        self._always: Final = _Queue()

    def add(self, case: Case, compiled: Compiled) -> None:
        """Let a case wait for its triggers, or be decided for every article."""
        if compiled.triggers is None:
            self._always.add(case, (NOTHING, NOTHING))
            return
        for name, number in compiled.triggers:
            queues = self._in_text if name is None else self._in_field.setdefault(name, {})
            if number not in queues:
                queues[number] = _Queue()
            queues[number].add(case, _beside(number, compiled.required))

    def ready(self, seen: Sighting) -> Iterator[Case]:
        """Return the cases that may hold; one with several triggers may come several times."""
        for queue in self._queues(seen):
            yield from queue.ready(seen.in_text)

    def _queues(self, seen: Sighting) -> Iterator[_Queue]:
        yield self._always
        for number in seen.in_text & self._in_text.keys():
            yield self._in_text[number]
        for name, queues in self._in_field.items():
            for number in seen.by_field[name].numbers & queues.keys():
                yield queues[number]


def _beside(number: int, required: AbstractSet[frozenset[int]]) -> tuple[int, int]:
    """Choose what must be found beside a term: one term, or one of two."""
    groups = [sorted(group) for group in required if number not in group and len(group) <= _PAIR]
    if not groups:
        return NOTHING, NOTHING
    group = min(groups, key=lambda group: (len(group), -group[-1]))
    return group[0], group[-1]
