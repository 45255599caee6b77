"""Try a rule on the archive before anybody is told: hits, near misses, volume, comparisons.

Nothing here is kept and nobody is alerted. Each function reads at most `most` articles of the
window and says when there were more.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, assert_never

from sqlalchemy import Connection

from alerts.match import Match, Matcher
from alerts.near_miss import NearMiss, near_miss, wider
from alerts.rules import Rule
from alerts.suggest import Suggestion, suggest
from persian.calendar import TEHRAN
from persian.fold import fold
from storage.found import Found
from storage.query import DateBound, Dated
from storage.query_parser import all_of, any_of
from storage.search import possible
from storage.subscription import Rhythm

#: Articles a dry run reads at most.
MOST: Final = 5_000
#: Mails a week above which a rule deserves a warning: more than anybody reads at once.
MANY_MAILS: Final = 50
_SHOWN: Final = 20
_WEEK: Final = timedelta(days=7)
_OTHERS: Final = 500  # articles beside the hits that suggestions compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One article that a rule fires for, and why."""

    found: Found
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a rule would have done in a window of time.

    `per_day` has the articles by day of Tehran, the newest first. `weekly` is how many mails a week
    each rhythm would have sent: a story is told once, a digest gathers a period. `warning` is set
    when that is too much, `is_partial` when the window held more than was read.
    """

    rule: Rule
    since_at: datetime
    until_at: datetime
    articles: int
    stories: int
    per_day: tuple[tuple[date, int], ...]
    newest: tuple[Shown, ...]
    near_misses: tuple[NearMiss, ...]
    weekly: Mapping[Rhythm, float]
    warning: str | None
    is_partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many of a rule's articles another rule fires for too."""

    rule_id: str
    both: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What another version of a rule gains and loses; `kept` counts what both find."""

    gained: tuple[Shown, ...]
    lost: tuple[Shown, ...]
    kept: int


def dry_run(
    connection: Connection,
    rule: Rule,
    *,
    now: datetime,
    window: timedelta = timedelta(days=30),
    most: int = MOST,
) -> DryRun:
    """Run a rule over the articles of the last days."""
    since_at = now - window
    matcher = Matcher.compile([rule])
    read = _Reading(connection, [rule], since_at, most)
    shown: list[Shown] = []
    missed: list[NearMiss] = []
    for found in read:
        (verdict,) = matcher.judge(found.document) or (None,)
        if verdict is not None and verdict.is_fired:
            (match,) = matcher.match(found.document)
            shown.append(Shown(found=found, match=match))
        elif len(missed) < _SHOWN:
            missed.extend(near_miss(rule, verdict, found))
    told = _first_told(shown)
    weekly = {rhythm: mails_per_week(told, rhythm, window) for rhythm in Rhythm}
    return DryRun(
        rule=rule,
        since_at=since_at,
        until_at=now,
        articles=len(shown),
        stories=len(told),
        per_day=_per_day(shown),
        newest=tuple(shown[:_SHOWN]),
        near_misses=tuple(missed),
        weekly=weekly,
        warning=_warning(weekly),
        is_partial=read.is_partial,
    )


def overlaps(  # noqa: PLR0913  # one rule, the others, and the window
    connection: Connection,
    rule: Rule,
    others: Iterable[Rule],
    *,
    now: datetime,
    window: timedelta = timedelta(days=30),
    most: int = MOST,
) -> tuple[Overlap, ...]:
    """Return how much of a rule other rules find too, the most first; topics come as they fire."""
    rest = [other for other in others if other.id != rule.id]
    matcher = Matcher.compile([rule, *rest])
    counts: Counter[str] = Counter()
    for found in _Reading(connection, [rule], now - window, most):
        fired = [match.rule_id for match in matcher.match(found.document)]
        if rule.id in fired:
            counts.update(fired)
    total = counts.pop(rule.id, 0)
    return tuple(
        Overlap(rule_id=other, both=both, share=both / total)
        for other, both in counts.most_common()
    )


def compare(  # noqa: PLR0913  # two versions and the window
    connection: Connection,
    old: Rule,
    new: Rule,
    *,
    now: datetime,
    window: timedelta = timedelta(days=30),
    most: int = MOST,
) -> Comparison:
    """Return what a new version of a rule finds that the old one does not, and the reverse."""
    before, after = Matcher.compile([old]), Matcher.compile([new])
    gained: list[Shown] = []
    lost: list[Shown] = []
    kept = 0
    for found in _Reading(connection, [old, new], now - window, most):
        was, now_is = before.match(found.document), after.match(found.document)
        if was and now_is:
            kept += 1
        elif now_is:
            gained.append(Shown(found=found, match=now_is[0]))
        elif was:
            lost.append(Shown(found=found, match=was[0]))
    return Comparison(gained=tuple(gained), lost=tuple(lost), kept=kept)


def suggest_terms(  # noqa: PLR0913  # a rule, the window and the length of the list
    connection: Connection,
    rule: Rule,
    *,
    now: datetime,
    window: timedelta = timedelta(days=30),
    most: int = MOST,
    limit: int = 20,
) -> tuple[Suggestion, ...]:
    """Return words that stand in a rule's articles much more than in the rest of the press.

    The words that the rule fires for already are left out.
    """
    matcher = Matcher.compile([rule])
    read = [found.document for found in _Reading(connection, [rule], now - window, most)]
    fired = [(document, matcher.match(document)) for document in read]
    inside = [document for document, matches in fired if matches]
    own = {fold(word) for _, matches in fired for match in matches for word in match.words}
    rest = possible(connection, Dated(bound=DateBound.AFTER, printed="", start_at=now - window))
    outside = (found.document for found in rest if not matcher.match(found.document))
    found = suggest(inside, islice(outside, _OTHERS), limit=limit + len(own))
    return tuple(one for one in found if one.words not in own)[:limit]


def mails_per_week(told: Iterable[datetime], rhythm: Rhythm, window: timedelta) -> float:
    """Return how many mails a week a rhythm makes of stories told at these instants."""
    days = [at.astimezone(TEHRAN) for at in told]
    return len({_mail(at, number, rhythm) for number, at in enumerate(days)}) * (_WEEK / window)


def _mail(at: datetime, number: int, rhythm: Rhythm) -> tuple[object, ...]:
    """Return what tells the mail of a story from the others': its period, or the story itself."""
    match rhythm:
        case Rhythm.AT_ONCE:
            return (number,)
        case Rhythm.HOURLY:
            return (at.date(), at.hour)
        case Rhythm.DAILY:
            return (at.date(),)
        case Rhythm.WEEKLY:
            return at.isocalendar()[:2]
        case _:
            assert_never(rhythm)


class _Reading:
    """The articles of a window that one of the rules may fire for, or nearly fire for."""

    def __init__(
        self, connection: Connection, rules: Iterable[Rule], since_at: datetime, most: int
    ) -> None:
        recent = Dated(bound=DateBound.AFTER, printed="", start_at=since_at)
        self._found = possible(
            connection, all_of([any_of([wider(rule) for rule in rules]), recent])
        )
        self._most = most
        self.is_partial = False

    def __iter__(self) -> Iterator[Found]:
        yield from islice(self._found, self._most)
        self.is_partial = next(self._found, None) is not None


def _first_told(shown: Iterable[Shown]) -> list[datetime]:
    """Return when each story was first told: by its earliest article that fires."""
    first: dict[tuple[str, int], datetime] = {}
    for one in shown:
        found = one.found
        story = ("article", found.article_id)
        if found.story_id is not None:
            story = ("story", found.story_id)
        at = found.document.published_at
        first[story] = min(first.get(story, at), at)
    return sorted(first.values())


def _per_day(shown: Iterable[Shown]) -> tuple[tuple[date, int], ...]:
    days = Counter(one.found.document.published_at.astimezone(TEHRAN).date() for one in shown)
    return tuple(sorted(days.items(), reverse=True))


def _warning(weekly: Mapping[Rhythm, float]) -> str | None:
    at_once = weekly[Rhythm.AT_ONCE]
    if at_once <= MANY_MAILS:
        return None
    return (
        f"about {at_once:.0f} mails a week at once; narrow the rule, "
        f"or choose a daily digest ({weekly[Rhythm.DAILY]:.0f} a week)"
    )
