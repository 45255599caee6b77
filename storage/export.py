"""Write articles out of the archive, one by one: JSON Lines for programs, CSV for spreadsheets."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, TextIO

from crawler.article import DateClaim
from persian.calendar import TEHRAN, to_jalali
from storage.articles import ArchivedArticle
from storage.database import Database
from storage.found import Found
from storage.query import Query
from storage.search import search

#: The form of a line; a later one is read by later releases only.
FORMAT: Final = "rasad-article/1"

#: A byte order mark, without which Excel takes UTF-8 for the local code page.
BYTE_ORDER_MARK: Final = "\ufeff"

#: What a spreadsheet takes for the beginning of a formula (owasp.org, CSV Injection), also as the
#: wide letters that East Asian editions read alike.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

#: Articles read in one transaction.
CHUNK: Final = 200

#: Told after each article: how many are written.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One article to be written, its place in its story (None when in none), and its topics."""

    archived: ArchivedArticle
    story_id: int | None = None
    relation: str | None = None
    topics: tuple[str, ...] = ()


def exported(found: Found) -> Exported:
    """Return what is written of an article that a search found."""
    return Exported(
        archived=found.archived,
        story_id=found.story_id,
        relation=found.relation,
        topics=tuple(sorted(found.document.topics)),
    )


def everything_found(database: Database, query: Query) -> Iterator[Exported]:
    """Walk over all that a query finds, newest first, in short transactions.

    A slow reader keeps none open; what arrives meanwhile is newer and does not appear.
    """
    cursor: str | None = None
    while True:
        with database.read() as connection:
            page = search(connection, query, limit=CHUNK, cursor=cursor, marks=False)
        yield from map(exported, page.hits)
        cursor = page.next_cursor
        if cursor is None:
            return


def write_jsonl(articles: Iterable[Exported], out: TextIO, *, progress: Progress) -> int:
    """Write one JSON object a line, nothing left out; return how many.

    The fields are those of `Article`, `blocks` and `credits` as objects, times as ISO 8601 in UTC,
    and besides `format`, `article_id`, `story_id`, `relation`, `topics`, `first_seen_at`,
    `is_backfill`.
    """
    written = 0
    for written, one in enumerate(articles, start=1):
        out.write(json.dumps(_record(one), ensure_ascii=False, default=_plain) + "\n")
        progress(written)
    return written


def write_csv(
    articles: Iterable[Exported], out: TextIO, *, progress: Progress, has_heading: bool = True
) -> int:
    """Write a table with a heading, for Excel: a byte order mark, times in Tehran and in Jalali.

    Open `out` with newline="". A cell that a spreadsheet would run as a formula gets a quote before
    it.
    """
    table = csv.writer(out)
    if has_heading:
        out.write(BYTE_ORDER_MARK)
        table.writerow(_COLUMNS)
    written = 0
    for written, one in enumerate(articles, start=1):
        table.writerow([_harmless(cell(one)) for cell in _COLUMNS.values()])
        progress(written)
    return written


def _record(one: Exported) -> dict[str, Any]:
    known = one.archived
    return {
        "format": FORMAT,
        "article_id": known.id,
        "story_id": one.story_id,
        "relation": one.relation,
        "topics": one.topics,
        "first_seen_at": known.first_seen_at,
        "is_backfill": known.is_backfill,
        **asdict(known.article),
    }


def _plain(value: object) -> str:
    """Write what JSON has no form for; enums are strings already."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no form for {type(value).__name__} in JSON")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _local(at: datetime) -> str:
    return f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"


def _jalali(at: datetime) -> str:
    try:
        day = to_jalali(at)
    except ValueError:  # a date no calendar of the press reaches
        return ""
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def _credits(one: Exported) -> str:
    named = (credit.name for credit in one.archived.article.credits if not credit.is_own)
    return "، ".join(dict.fromkeys(named))


def _trust(claim: DateClaim | None) -> str:
    return "" if claim is None else claim.trust.value


_COLUMNS: Final[dict[str, Callable[[Exported], str]]] = {
    "article_id": lambda one: str(one.archived.id),
    "story_id": lambda one: "" if one.story_id is None else str(one.story_id),
    "relation": lambda one: one.relation or "",
    "outlet": lambda one: one.archived.article.outlet_id,
    "published_jalali": lambda one: _jalali(one.archived.sort_at),
    "published_tehran": lambda one: _local(one.archived.sort_at),
    "date_trust": lambda one: _trust(one.archived.article.published),
    "first_seen_tehran": lambda one: _local(one.archived.first_seen_at),
    "kicker": lambda one: one.archived.article.kicker or "",
    "title": lambda one: one.archived.article.title,
    "lead": lambda one: one.archived.article.lead or "",
    "body": lambda one: one.archived.article.body,
    "credits": _credits,
    "byline": lambda one: one.archived.article.byline or "",
    "section": lambda one: " › ".join(one.archived.article.section),
    "tags": lambda one: "، ".join(one.archived.article.tags),
    "language": lambda one: one.archived.article.language,
    "words": lambda one: str(one.archived.word_count),
    "url": lambda one: one.archived.article.url,
}
