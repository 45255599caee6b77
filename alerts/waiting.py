"""Let pieces of rules wait for the terms they need, so that most are never looked at."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from alerts.conditions import Compiled, Condition, Sighting
from storage.query import TextField

#: A number that is always among those found: what a case waits for that needs no second term.
NOTHING: Final = -1
_NONE_NEEDED: Final = frozenset({NOTHING})
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of evidence of one rule, compiled."""

    rule: int
    clause: int
    piece: int
    condition: Condition
    is_late: bool


#: Cases by the term they wait for, and by another of which they need one too: most end there.
_Queues = dict[int, dict[int, tuple[Case, ...]]]


class Waiting:
    """All cases, each waiting for the terms without which it cannot hold."""

    def __init__(self) -> None:
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
            queue = queues.setdefault(number, {})
            for other in _beside(number, compiled.required):
                queue[other] = (*queue.get(other, ()), case)

    def ready(self, seen: Sighting) -> Iterator[Case]:
        """Return the cases that may hold; one with several triggers may come several times."""
        yield from self._always
        yield from _meeting(self._in_text, seen.in_text, seen.in_text)
        for name, queues in self._in_field.items():
            yield from _meeting(queues, seen.by_field[name].numbers, seen.in_text)


def _meeting(queues: _Queues, triggers: set[int], found: set[int]) -> Iterator[Case]:
    """Return the cases whose trigger was found, and one of the terms they need beside it."""
    for queue in filter(None, map(queues.get, triggers)):
        if not found.isdisjoint(queue):
            for other in queue.keys() & found:
                yield from queue[other]


def _beside(number: int, required: AbstractSet[frozenset[int]]) -> frozenset[int]:
    """Choose what must be found beside a term: one term, or one of two."""
    groups = [group for group in required if number not in group and len(group) <= _PAIR]
    return min(groups, key=lambda group: (len(group), -max(group)), default=_NONE_NEEDED)
