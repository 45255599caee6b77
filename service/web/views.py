"""Read from the archive what one page shows, as values that know nothing of HTML or JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alerts.message import Span
from crawler.article import Article, Credit
from persian.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    JalaliDate,
    at_tehran,
    jalali_of,
    to_jalali,
)
from service.house import House
from service.web.marking import marked, snippet
from service.web.way_view import WayView, ways_of
from storage.errors import UnknownRecordError
from storage.evidence import Evidence
from storage.hubs import all_hubs
from storage.members import links_of
from storage.outlet_states import OutletState, all_states
from storage.query import Query
from storage.query_parser import all_of, parse
from storage.revisions import Revision, revisions_of
from storage.rules import KeptMatch, matches_of_stories
from storage.search import BadCursorError, Found, Order, search
from storage.story_lists import ToldStory, stories_between, told_stories
from storage.storyline import StoryEvent, get_story, history

STORIES_A_DAY: Final = 200
RESULTS: Final = 20
#: A place in time has 15 digits until the year 5138, and a page of the best adds an offset.
LONGEST_CURSOR: Final = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """One outlet's telling of a story."""

    article_id: int
    outlet_id: str
    outlet: str
    article: Article
    relation: str
    at: datetime
    is_original: bool
    kept: int | None
    credits: tuple[Credit, ...]
    evidence: Evidence | None
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story: who told it, which topics fired, what happened to it."""

    id: int
    tellers: tuple[Teller, ...]
    topics: tuple[KeptMatch, ...]
    origin: str | None
    events: tuple[StoryEvent, ...] = ()
    linked: tuple["StoryView", ...] = ()

    @property
    def original(self) -> Teller:
        """The telling the story is rooted in."""
        return self.tellers[0]

    @property
    def outlets(self) -> int:
        """How many outlets ran it."""
        return len({teller.outlet_id for teller in self.tellers})


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """Stories of one Tehran day; `last` begins the next page of them, if there is one."""

    day: JalaliDate
    before: JalaliDate
    after: JalaliDate | None
    stories: tuple[StoryView, ...]
    last: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """One search result, with its words marked as printed."""

    article_id: int
    story_id: int | None
    outlet: str
    outlet_id: str
    relation: str
    at: datetime
    title: tuple[Span, ...]
    snippet: tuple[Span, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsView:
    """One page of results."""

    asked: str
    results: tuple[ResultView, ...]
    next_cursor: str | None
    is_partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletView:
    """Where one outlet stands."""

    id: str
    name: str
    name_en: str
    role: str
    town: str | None
    homepage: str
    state: OutletState | None
    ways: tuple[WayView, ...]

    @property
    def health(self) -> str:
        """How it fares; new until it has been seen."""
        return self.state.health if self.state else "new"


def day(
    house: House,
    wanted: JalaliDate | None,
    *,
    limit: int = STORIES_A_DAY,
    after: int | None = None,
) -> DayView:
    """Return a day's latest stories, today's when no day is asked for; `after` one of them."""
    today = jalali_day(house.clock())
    chosen = wanted or today
    start_at = midnight(chosen)
    end_at = midnight(next_day(chosen, 1))
    with house.database.read() as connection:
        told = stories_between(connection, start_at, end_at, limit=limit + 1, after=after)
        shown = told[:limit]
        topics = matches_of_stories(connection, [one.story.id for one in shown])
    return DayView(
        day=chosen,
        before=next_day(chosen, -1),
        after=next_day(chosen, 1) if chosen < today else None,
        stories=tuple(_story(house, one, topics) for one in shown),
        last=shown[-1].story.id if len(told) > limit else None,
    )


def story(house: House, story_id: int) -> StoryView:
    """Return a story whole, following a merge; raise UnknownRecordError when there is none."""
    with house.database.read() as connection:
        head = get_story(connection, story_id)
        while head.merged_into is not None:
            head = get_story(connection, head.merged_into)
        linked_ids = [link.story_id for link in links_of(connection, head.id)]
        told = told_stories(connection, [head.id, *linked_ids])
        topics = matches_of_stories(connection, [one.story.id for one in told])
        events = tuple(history(connection, head.id))
        revisions = {
            archived.id: revisions_of(connection, archived.id) for _, archived in told[0].members
        }
    views = [_story(house, one, topics, revisions) for one in told]
    first = views[0]
    return StoryView(
        id=first.id,
        tellers=first.tellers,
        topics=first.topics,
        origin=first.origin,
        events=events,
        linked=tuple(views[1:]),
    )


def results(  # noqa: PLR0913  # the questions of a search form
    house: House,
    asked: str,
    *,
    cursor: str | None,
    order: Order,
    limit: int = RESULTS,
    narrowed: Sequence[str] = (),
    collapse: bool = True,
) -> ResultsView:
    """Run a query over the archive; raise QueryError with the place.

    `narrowed` are further conditions, each a query. With `collapse` a story is shown once.
    """
    query = read_query(house, asked, narrowed)
    if cursor is not None and len(cursor) > LONGEST_CURSOR:
        raise BadCursorError(
            "«{given}» is no cursor of a search; begin again without one", given=cursor[:40]
        )
    with house.database.read() as connection:
        page = search(connection, query, limit=limit, cursor=cursor, order=order, collapse=collapse)
    return ResultsView(
        asked=asked,
        results=tuple(_result(house, found) for found in page.hits),
        next_cursor=page.next_cursor,
        is_partial=page.is_partial,
    )


def read_query(house: House, asked: str, narrowed: Sequence[str] = ()) -> Query:
    """Read a query and what narrows it; raise QueryError with the place."""
    now, topics = house.clock(), house.rulebook.topics
    query = parse(asked, now=now, topics=topics)
    if not narrowed:
        return query
    return all_of([query, *(parse(one, now=now, topics=topics) for one in narrowed)])


def outlets(house: House) -> tuple[OutletView, ...]:
    """Return every outlet of the catalogue with where it stands, by name."""
    with house.database.read() as connection:
        states = {state.outlet_id: state for state in all_states(connection)}
        offered = all_hubs(connection)
    found = [
        OutletView(
            id=one.id,
            name=one.name,
            name_en=one.name_en,
            role=one.role.value,
            town=one.town,
            homepage=one.homepage,
            state=states.get(one.id),
            ways=ways_of(one, offered),
        )
        for one in house.outlets.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.id)))


def known_outlet(house: House, outlet_id: str) -> None:
    """Raise UnknownRecordError for an outlet that is not in the catalogue."""
    if outlet_id not in house.outlets:
        raise UnknownRecordError(f"no outlet {outlet_id[:40]!r}; list the outlets to see them")


def has_neighbours(on: JalaliDate) -> bool:
    """Tell whether the day before and the day after are days of the calendar too."""
    return FIRST_YEAR < on.year < LAST_YEAR


def jalali_day(at: datetime) -> JalaliDate:
    """Return the Tehran day of an instant."""
    return to_jalali(at)


def midnight(on: JalaliDate) -> datetime:
    """Return the instant at which a Tehran day begins."""
    return at_tehran(on.to_gregorian())


def next_day(on: JalaliDate, days: int) -> JalaliDate:
    """Return the day so many days later, or earlier when negative."""
    return jalali_of(on.to_gregorian() + timedelta(days=days))


def _story(
    house: House,
    told: ToldStory,
    topics: Mapping[int, tuple[KeptMatch, ...]],
    revisions: Mapping[int, tuple[Revision, ...]] | None = None,
) -> StoryView:
    first = told.story.original_article_id
    tellers = tuple(
        Teller(
            article_id=archived.id,
            outlet_id=member.outlet_id,
            outlet=outlet_name(house, member.outlet_id),
            article=archived.article,
            relation="original" if archived.id == first else member.relation.value,
            at=archived.sort_at,
            is_original=archived.id == first,
            kept=_percent(member.evidence),
            credits=member.credits,
            evidence=member.evidence,
            revisions=(revisions or {}).get(archived.id, ()),
        )
        for member, archived in told.members
    )
    return StoryView(
        id=told.story.id,
        tellers=tellers,
        topics=topics.get(told.story.id, ()),
        origin=told.story.origin,
    )


def _percent(evidence: Evidence | None) -> int | None:
    return None if evidence is None else round(100 * evidence.share_of_old)


def outlet_name(house: House, outlet_id: str) -> str:
    """Return an outlet's Persian name, its id when it has left the catalogue."""
    outlet = house.outlets.get(outlet_id)
    return outlet.name if outlet else outlet_id


def _result(house: House, found: Found) -> ResultView:
    article = found.archived.article
    return ResultView(
        article_id=found.article_id,
        story_id=found.story_id,
        outlet=outlet_name(house, article.outlet_id),
        outlet_id=article.outlet_id,
        relation=found.relation,
        at=found.archived.sort_at,
        title=marked(article.title, found.highlights, "title"),
        snippet=_snippet(article, found),
        topics=tuple(sorted(found.document.topics)),
    )


def _snippet(article: Article, found: Found) -> tuple[Span, ...]:
    for field, text in (("body", article.body), ("lead", article.lead or "")):
        shown = snippet(text, found.highlights, field)
        if shown:
            return shown
    return (Span(text=article.lead or article.body[:200]),)
