"""Surveys a site that may become an outlet: its family, the ways in that work, a draft file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from crawler import profiles
from crawler.autodiscovery import candidates
from crawler.decode import decode
from crawler.draft import draft_table
from crawler.entry import Entry
from crawler.families import recognise
from crawler.fetch import Fetches
from crawler.markup import parse
from crawler.outlets import Outlet, WayIn, WayKind, outlet_from
from crawler.page import Failure, FailureKind, Page, Unchanged
from crawler.ways import first_addresses, read_answer

ENOUGH_WAYS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTrial:
    """One way in that was tried: how many articles it names, or why none."""

    way: WayIn
    found: int = 0
    failure: Failure | None = None
    sample: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a site turned out to be.

    `evidence` are the fingerprints that matched. `table` is the draft of the outlet's file (write
    it with `crawler.outletfile.outlet_toml`), `outlet` the same, loaded. `sample` is an entry to
    try an article with, None when no way in works.
    """

    profile: str
    evidence: tuple[str, ...]
    trials: tuple[WayTrial, ...]
    table: Mapping[str, object]
    outlet: Outlet

    @property
    def sample(self) -> Entry | None:
        """The first article that any way in names."""
        return next((trial.sample for trial in self.trials if trial.sample), None)


async def survey(
    url: str, fetcher: Fetches, *, now: datetime, known: Mapping[str, object] | None = None
) -> Survey | Failure:
    """Read a site's front page, recognise its family, try its ways in; a dozen requests or so.

    `known` are values of the file that stand whatever is found (an id, names, a role, allowed
    addresses). Raises CatalogueError when they are wrong.
    """
    answer = await fetcher.fetch(url)
    if isinstance(answer, Unchanged):
        return _not_asked_for(answer)
    if isinstance(answer, Failure):
        return answer
    tree = parse(answer.body, answer.charset)
    profile = str((known or {}).get("profile") or recognise(answer.body, answer.charset))
    draft = draft_table(answer, tree, profile=profile) | dict(known or {})
    robots = await _robots(answer.url, fetcher)
    ways = candidates(answer, profile=profile, robots=robots)
    trials = await _try(ways, outlet_from(draft, place=url), fetcher, now)
    table = draft | {"ways_in": [_way_table(trial.way) for trial in trials if trial.found]}
    fingerprint = profiles.load_profile(profile).fingerprint
    return Survey(
        profile=profile,
        evidence=tuple(selector for selector in fingerprint if tree.css_first(selector)),
        trials=tuple(trials),
        table=table,
        outlet=outlet_from(table, place=url),
    )


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


async def _try(
    ways: tuple[WayIn, ...], outlet: Outlet, fetcher: Fetches, now: datetime
) -> list[WayTrial]:
    """Try way after way until enough of them work; the front page only when nothing else does."""
    trials: list[WayTrial] = []
    for way in ways:
        working = sum(bool(trial.found) for trial in trials)
        if working >= ENOUGH_WAYS or (working and way.kind is WayKind.LIST):
            break
        trials.append(await _try_one(way, outlet, fetcher, now))
    return trials


async def _try_one(way: WayIn, outlet: Outlet, fetcher: Fetches, now: datetime) -> WayTrial:
    answer = await fetcher.fetch(first_addresses(way, now)[0])
    if isinstance(answer, Unchanged):
        answer = _not_asked_for(answer)
    if isinstance(answer, Failure):
        return WayTrial(way=way, failure=answer)
    findings = read_answer(answer, way, outlet, now)
    named = len(findings.entries) or (len(findings.further) if _is_index(way) else 0)
    first = next(iter(findings.entries), None)
    return WayTrial(way=way, found=named, failure=findings.fault, sample=first)


def _is_index(way: WayIn) -> bool:
    return way.kind is WayKind.SITEMAP


def _way_table(way: WayIn) -> dict[str, object]:
    table: dict[str, object] = {"kind": way.kind.value, "url": way.url}
    return table | ({"backfill_only": True} if _is_index(way) else {})
