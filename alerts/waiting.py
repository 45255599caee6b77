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


#: By the term they wait for, three numbers a case: two more terms, of which one must be found too,
#: and its place among all cases. Most cases end at the two terms, and arrays are read much faster
#: than the objects of the cases.
_Queues = dict[int, "array[int]"]


class Waiting:
    """All cases, each waiting for the terms without which it cannot hold."""

    def __init__(self) -> None:
        self._cases: Final[list[Case]] = []
        self._in_text: Final[_Queues] = {}
        self._in_field: Final[dict[TextField, _Queues]] = {}
        self._always: Final[list[Case]] = []

    def add(self, case: Case, compiled: Compiled) -> None:
        """Let a case wait for its triggers, or be decided for every article."""
        if compiled.triggers is None:
            self._always.append(case)
            return
        for name, number in compiled.triggers:
            queues = self._in_text if name is None else self._in_field.setdefault(name, {})
            if number not in queues:
                queues[number] = array("q")
            queues[number].extend((*_beside(number, compiled.required), len(self._cases)))
        self._cases.append(case)

    def ready(self, seen: Sighting) -> Iterator[Case]:
        """Return the cases that may hold; one with several triggers may come several times."""
        yield from self._always
        found, cases = seen.in_text, self._cases
        for queue in self._queues(seen):
            numbers = iter(queue)
            for either, other, place in zip(numbers, numbers, numbers, strict=True):
                if either in found or other in found:
                    yield cases[place]

    def _queues(self, seen: Sighting) -> list["array[int]"]:
        in_text = self._in_text
        queues = [in_text[number] for number in seen.in_text & in_text.keys()]
        for name, waiting in self._in_field.items():
            numbers = seen.by_field[name].numbers & waiting.keys()
            queues.extend(waiting[number] for number in numbers)
        return queues


def _beside(number: int, required: AbstractSet[frozenset[int]]) -> tuple[int, int]:
    """Choose what must be found beside a term: one term, or one of two."""
    groups = [sorted(group) for group in required if number not in group and len(group) <= _PAIR]
    if not groups:
        return NOTHING, NOTHING
    group = min(groups, key=lambda group: (len(group), -group[-1]))
    return group[0], group[-1]
