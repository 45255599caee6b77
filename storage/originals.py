"""Say which article of a story was the original, and why (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from crawler.article import Credit, CreditKind


class OutletRole(Protocol):
    """What the decision needs of an outlet of the catalogue."""

    @property
    def role(self) -> str:
        """One of local, agency, official, trade, republisher, aggregator."""

    @property
    def group(self) -> str | None:
        """The owner's name when several outlets are one house."""

    @property
    def name(self) -> str:
        """The name it goes by."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """One article of a story as a candidate for its original.

    `claimed_at` is the publication its outlet claims to the minute, `seen_at` our first reading.
    """

    article_id: int
    outlet_id: str
    credits: tuple[Credit, ...]
    claimed_at: datetime | None
    seen_at: datetime

    @property
    def at(self) -> datetime:
        """The trusted time: the claim, or the reading; nothing is published after it was read."""
        return self.seen_at if self.claimed_at is None else min(self.claimed_at, self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The original, and the reason in words for the story's history."""

    article_id: int
    why: str


_FULL_VOTE: Final = 3
_PASSING_VOTE: Final = 1
_LEAD: Final = 250  # printed characters in which a text says where it comes from
_CHAIN_VOTE: Final = 2  # an interview that a copy keeps word for word leads nowhere
_VOTES: Final = {
    CreditKind.QUOTED_FROM: _FULL_VOTE,
    CreditKind.SOURCE_TAG: _FULL_VOTE,
    CreditKind.PREFIX: _FULL_VOTE,
    CreditKind.CLOSING_CODE: _FULL_VOTE,
    CreditKind.REPORTED_BY: 2,
    CreditKind.INTERVIEW: 1,
    CreditKind.DATELINE: 1,
}
_REPEATERS: Final = frozenset({"aggregator", "republisher"})


def choose_original(claimants: Sequence[Claimant], roles: Mapping[str, OutletRole]) -> Choice:
    """Choose the original: the credit wins over the clock, then the role, then the earliest time.

    A chain is followed to its end: when A names B and B names C, both votes are C's. An outlet's
    own name is no credit. `claimants` must not be empty.
    """
    by_time = in_order_of_time(claimants)
    first_of = {one.outlet_id: one for one in reversed(by_time)}
    votes = _count_votes(by_time, first_of)
    chosen = min(by_time, key=lambda one: (-votes[one.article_id], _is_repeater(one, roles)))
    return Choice(article_id=chosen.article_id, why=_reason(chosen, votes, by_time))


def in_order_of_time(claimants: Sequence[Claimant]) -> list[Claimant]:
    """Sort by the claims where both sides claim a minute, else by the readings.

    A claimed minute is no measure for an outlet that prints none: each such article is set before
    the first claimed one that was read after it.
    """
    timed = sorted(
        (one for one in claimants if one.claimed_at is not None),
        key=lambda one: (one.at, one.seen_at, one.article_id),
    )
    untimed = sorted(
        (one for one in claimants if one.claimed_at is None),
        key=lambda one: (one.seen_at, one.article_id),
    )
    ordered: list[Claimant] = []
    for one in timed:
        while untimed and untimed[0].seen_at < one.seen_at:
            ordered.append(untimed.pop(0))
        ordered.append(one)
    return ordered + untimed


def _count_votes(by_time: Sequence[Claimant], first_of: Mapping[str, Claimant]) -> Counter[int]:
    votes: Counter[int] = Counter()
    for voter in by_time:
        cited = strongest_source(voter, first_of)
        if cited is None:
            continue
        outlet_id, weight = cited
        end = _end_of_chain(first_of[outlet_id], first_of, {voter.outlet_id})
        votes[end.article_id] += weight
    return votes


def strongest_source(one: Claimant, known: Mapping[str, Claimant]) -> tuple[str, int] | None:
    """Return the known outlet this article names most plainly, with the weight of that credit."""
    named = [
        (_weight(credit), credit.outlet_id)
        for credit in one.credits
        if credit.outlet_id in known and credit.outlet_id != one.outlet_id and not credit.is_own
    ]
    if not named:
        return None
    weight, outlet_id = max(named, key=lambda pair: pair[0])
    return (outlet_id, weight) if outlet_id is not None else None


def _weight(credit: Credit) -> int:
    """Weigh a credit; deep in the body it names the source of a remark, not of the text."""
    if credit.start is not None and credit.start > _LEAD:
        return _PASSING_VOTE
    return _VOTES[credit.kind]


def _end_of_chain(one: Claimant, first_of: Mapping[str, Claimant], passed: set[str]) -> Claimant:
    while True:
        passed.add(one.outlet_id)
        cited = strongest_source(one, first_of)
        if cited is None or cited[0] in passed or cited[1] < _CHAIN_VOTE:
            return one
        one = first_of[cited[0]]


def _is_repeater(one: Claimant, roles: Mapping[str, OutletRole]) -> bool:
    """Tell whether an outlet that lives by repeating names somebody else as its source."""
    role = roles.get(one.outlet_id)
    names_a_source = any(not credit.is_own for credit in one.credits)
    return role is not None and str(role.role) in _REPEATERS and names_a_source


def _reason(chosen: Claimant, votes: Counter[int], by_time: Sequence[Claimant]) -> str:
    if votes[chosen.article_id]:
        return "others name it as their source"
    if chosen is by_time[0]:
        return "the earliest trusted time"
    return "earlier ones only repeat a source they name"


def press_office(named: Sequence[Credit]) -> str | None:
    """Return the press office or public body a text names as where it came from."""
    for credit in named:
        if credit.body is not None:
            return credit.body
    return None
