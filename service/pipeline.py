"""The walk, and the only place where the stages meet. Read this first.

    Outlet → Visit → Entry → Page → Article → Story(original, copies) → Match → Delivery
             (due)   (found) (read)  (said)    (who said it first)       (why)   (owed, sent)

A visit remembers what it found before it reads anything, and takes each page in with one write
transaction: archived, placed, indexed, matched and owed together, or not at all. So a kill at any
instant loses nothing, and repeating a visit changes nothing.
"""

import asyncio
from typing import assert_never

from sqlalchemy import Connection

from crawler.article import Article
from crawler.discover import discover
from crawler.extract import extract
from crawler.outlets import Outlet
from crawler.page import Failure, Page, Unchanged
from crawler.visitor import Visitor
from service import visiting
from service.house import House, Reach
from service.reports import Taken, VisitReport
from service.telling import tell
from storage.archive import archive
from storage.articles import Outcome
from storage.cleaning import clean
from storage.known_pages import PageToRead


async def visit(house: House, reach: Reach, outlet: Outlet, *, visit_id: str) -> VisitReport:
    """Give one outlet its turn: discover, read what is new, take it in, say when to come again."""
    with house.spans.span("visit", outlet=outlet.id, visit=visit_id) as note:
        report = await _visit(house, reach, outlet, visit_id)
        note(found=report.found, read=report.read, new=report.new, requests=report.requests)
    return report


async def _visit(house: House, reach: Reach, outlet: Outlet, visit_id: str) -> VisitReport:
    visitor = reach.visitor(outlet)
    log = await asyncio.to_thread(visiting.begin, house, outlet, visit_id)
    is_known = visiting.recognising(house, log)
    found = await discover(outlet, visitor, log.validators, log.began_at, is_known=is_known)
    await asyncio.to_thread(visiting.remember, house, log, found)
    for known in await asyncio.to_thread(visiting.pages_due, house, outlet):
        if not visiting.is_welcome(log):
            break
        log.count(await read(house, outlet, visitor, known))
    sent, delay = visitor.requests, visitor.crawl_delay
    return await asyncio.to_thread(
        visiting.close, house, log, found, requests=sent, crawl_delay=delay
    )


async def read(house: House, outlet: Outlet, visitor: Visitor, known: PageToRead) -> Taken:
    """Fetch one page and take in what it says; an expected failure is noted and told."""
    with house.spans.span("page", outlet=outlet.id) as note:
        answer = await visitor.fetch(known.entry.url, validators=known.validators)
        note(answer=type(answer).__name__.lower())
    match answer:
        case Page():
            return await asyncio.to_thread(take_in, house, outlet, known, answer)
        case Unchanged():
            await asyncio.to_thread(visiting.note_unchanged, house, known)
            return Taken()
        case Failure():
            await asyncio.to_thread(visiting.note_failure, house, known, answer)
            return Taken(failure=answer)
        case _:
            assert_never(answer)


def take_in(house: House, outlet: Outlet, known: PageToRead, page: Page) -> Taken:
    """Page → Article → Story → Match → Delivery, the last four in one write transaction."""
    now = house.clock()
    with house.spans.span("article", outlet=outlet.id) as note:
        said = extract(page, outlet, entry=known.entry, directory=house.directory, now=now)
        if isinstance(said, Failure):
            note(outcome=said.kind.value)
            visiting.note_failure(house, known, said, page=page)
            return Taken(failure=said)
        with house.database.write() as connection:
            visiting.keep_page(connection, house, known.entry, page)
            taken = keep(connection, house, outlet, said)
            visiting.note_read(connection, known, page, taken, now=now)
        note(owed=taken.owed, matched=len(taken.matched))
    return taken


def keep(
    connection: Connection,
    house: House,
    outlet: Outlet,
    article: Article,
    *,
    is_backfill: bool = False,
) -> Taken:
    """Article → Story → Match → Delivery, inside the caller's write transaction. Repeatable."""
    article = clean(article)
    kept = archive(
        connection, article, roles=house.outlets, now=house.clock(), backfill=is_backfill
    )
    if kept.outcome is Outcome.UNCHANGED:
        return Taken(article=article, archived=kept)
    matches = house.rulebook.match(connection, article, kept, outlet)
    owed = tell(connection, house, article, kept, matches, is_backfill=is_backfill)
    held = sum(delivery.reason is not None for delivery in owed)
    return Taken(
        article=article,
        archived=kept,
        owed=len(owed) - held,
        held=held,
        matched=tuple(match.rule_id for match in matches),
    )
