"""Surveys a site that may become an outlet: its family, the ways in that work, a draft file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from crawler import profiles
from crawler.autodiscovery import candidates
from crawler.decode import decode
from crawler.draft import draft_table
from crawler.entry import Entry
from crawler.families import Seen, evidence, recognise
from crawler.fetch import Fetches
from crawler.outlets import Outlet, WayIn, WayKind, outlet_from
from crawler.page import Failure, FailureKind, Fetched, Page, Unchanged, Validators
from crawler.ways import first_addresses, read_answer

ENOUGH_WAYS: Final = 2
SAMPLES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTrial:
    """One way in that was tried: how many articles it names, the first of them, or why none."""

    way: WayIn
    found: int = 0
    failure: Failure | None = None
    samples: tuple[Entry, ...] = ()
    answer: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a site turned out to be.

    `evidence` are the fingerprints that matched, `home` is where the front page stands. `table` is
    the draft of the outlet's file (write it with `crawler.outletfile.outlet_toml`), `outlet` the
    same, loaded. `sample` is an entry to try an article with, `page` what its address answered;
    both None when no way in works.
    """

    profile: str
    evidence: tuple[str, ...]
    trials: tuple[WayTrial, ...]
    table: Mapping[str, object]
    outlet: Outlet
    home: str
    page: Fetched | None = None

    @property
    def sample(self) -> Entry | None:
        """The first article that any way in names."""
        return _first(self.trials)


def _first(trials: Iterable[WayTrial]) -> Entry | None:
    return next((entry for trial in trials for entry in trial.samples), None)


async def survey(
    url: str, fetcher: Fetches, *, now: datetime, known: Mapping[str, object] | None = None
) -> Survey | Failure:
    """Read a site's front page, its ways in and one article, and recognise its family by them all.

    A dozen requests or so, each address once. `known` are values of the file that stand whatever is
    found (an id, names, a role, allowed addresses). Raises CatalogueError when they are wrong.
    """
    once = _Once(fetcher)
    front = await once.fetch(url)
    if isinstance(front, Unchanged):
        return _not_asked_for(front)
    if isinstance(front, Failure):
        return front
    surveyor = _Surveyor(front, once, known or {}, now)
    named = (known or {}).get("profile")
    guess = str(named or recognise([surveyor.front]))
    found = await surveyor.look(guess)
    better = guess if named else recognise(surveyor.seen(found))
    return found if better == guess else await surveyor.look(better)


class _Once:
    """Asks for each address once, however often it is looked at."""

    def __init__(self, fetcher: Fetches) -> None:
        self._fetcher = fetcher
        self._answers: dict[str, Fetched] = {}

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        if url not in self._answers:
            self._answers[url] = await self._fetcher.fetch(url, validators=validators)
        return self._answers[url]


class _Surveyor:
    """Looks at one site as if it were of a family."""

    def __init__(
        self, front: Page, fetcher: Fetches, known: Mapping[str, object], now: datetime
    ) -> None:
        self.front = Seen.of(front)
        self._page = front
        self._fetcher = fetcher
        self._known = known
        self._now = now

    async def look(self, profile: str) -> Survey:
        """Try the ways in of a family and the first article they name."""
        page, place = self._page, self._page.requested_url
        draft = draft_table(page, self.front.tree, profile=profile) | dict(self._known)
        robots = await _robots(page.url, self._fetcher)
        ways = candidates(page, profile=profile, robots=robots)
        trials = await try_ways(ways, outlet_from(draft, place=place), self._fetcher, self._now)
        sample = _first(trials)
        table = draft | {"ways_in": [_way_table(trial.way) for trial in trials if trial.found]}
        found = Survey(
            profile=profile,
            evidence=(),
            trials=tuple(trials),
            table=table,
            outlet=outlet_from(table, place=place),
            home=page.url,
            page=await self._fetcher.fetch(sample.url) if sample else None,
        )
        shown = evidence(profiles.load_profile(profile), self.seen(found))
        return replace(found, evidence=shown)

    def seen(self, found: Survey) -> Sequence[Seen]:
        """Return everything that betrays the family: front page, what ways answered, an article."""
        answers = [trial.answer for trial in found.trials if trial.answer and trial.found]
        article = [found.page] if isinstance(found.page, Page) else []
        return [self.front, *(Seen.of(page) for page in (*answers, *article))]


def _not_asked_for(answer: Unchanged) -> Failure:
    return Failure(
        requested_url=answer.requested_url,
        kind=FailureKind.HTTP_STATUS,
        detail=f"{answer.requested_url} answered 304 although nothing was asked conditionally",
        status=304,
        failed_at=answer.fetched_at,
    )


async def _robots(url: str, fetcher: Fetches) -> str:
    answer = await fetcher.fetch(urljoin(url, "/robots.txt"))
    return decode(answer.body, answer.charset) if isinstance(answer, Page) else ""


async def try_ways(
    ways: Sequence[WayIn], outlet: Outlet, fetcher: Fetches, now: datetime
) -> list[WayTrial]:
    """Try way after way until enough of them work; the front page only when nothing else does."""
    trials: list[WayTrial] = []
    for way in ways:
        working = sum(bool(trial.found) for trial in trials)
        if working >= ENOUGH_WAYS or (working and way.kind is WayKind.LIST):
            break
        trials.append(await try_way(way, outlet, fetcher, now))
    return trials


async def try_way(way: WayIn, outlet: Outlet, fetcher: Fetches, now: datetime) -> WayTrial:
    """Ask for the first address of a way in, and see what it names."""
    answer = await fetcher.fetch(first_addresses(way, now)[0])
    if isinstance(answer, Unchanged):
        answer = _not_asked_for(answer)
    if isinstance(answer, Failure):
        return WayTrial(way=way, failure=answer)
    findings = read_answer(answer, way, outlet, now)
    named = len(findings.entries) or (len(findings.further) if _is_index(way) else 0)
    return WayTrial(
        way=way,
        found=named,
        failure=findings.fault,
        samples=findings.entries[:SAMPLES],
        answer=answer,
    )


def _is_index(way: WayIn) -> bool:
    return way.kind is WayKind.SITEMAP


def _way_table(way: WayIn) -> dict[str, object]:
    table: dict[str, object] = {"kind": way.kind.value, "url": way.url}
    return table | ({"backfill_only": True} if _is_index(way) else {})
