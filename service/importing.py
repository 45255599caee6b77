"""Take an analyst's old collection (JSON Lines or WARC) into the archive, without ever alerting.

Articles go the way of every other: extraction (of pages), their story, the index, the topics. What
a rule finds in them is kept; nothing of it is written into the ledger of deliveries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from crawler.article import Article
from crawler.entry import Entry
from crawler.extract import extract
from crawler.identity import belongs, canonical_url
from crawler.outlets import Outlet
from crawler.page import Failure, Page
from service.errors import NotImportedError
from service.house import House
from storage.archive import archive
from storage.articles import Outcome
from storage.cleaning import clean
from storage.errors import UnreadableRecordError
from storage.importing import read_record
from storage.warc import pages_of
from storage.worded import Worded

#: Nobody's article is longer; a file of one endless line must not fill the memory.
LONGEST_LINE_BYTES: Final = 8_000_000
_GZIPPED: Final = b"\x1f\x8b"
_WARC: Final = b"WARC/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line or page of a collection: what became of it, or why nothing did.

    `place` is the number of the line or page, from 1.
    """

    place: int
    outcome: Outcome | None = None
    problem: Worded | None = None


def import_collection(house: House, file: BinaryIO, *, name: str) -> Iterator[Step]:
    """Take in one line or page after another, each in a transaction of its own. Repeatable.

    Whether it is WARC (plain or gzipped) or JSON Lines is told by how it begins. A line that cannot
    be read is a step with its problem, and the next follows; `name` is the file's, for messages.
    """
    house.rulebook.refresh()
    beginning = file.read(len(_WARC))
    file.seek(0)
    if beginning == _WARC or beginning.startswith(_GZIPPED):
        return _pages(house, file, name)
    return _lines(house, file, name)


def _lines(house: House, file: BinaryIO, name: str) -> Iterator[Step]:
    number = 0
    while line := file.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        if len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            _pass_over(file)
        if line.strip():
            yield _line(house, line, number, f"{name}, {number}")


def _pass_over(file: BinaryIO) -> None:
    """Read on to the end of a line that is too long to be kept."""
    while piece := file.readline(LONGEST_LINE_BYTES):
        if piece.endswith(b"\n"):
            return


def _line(house: House, line: bytes, number: int, place: str) -> Step:
    if len(line) > LONGEST_LINE_BYTES:
        too_long = UnreadableRecordError("{place} is too long; shorten or remove it", place=place)
        return Step(place=number, problem=too_long)
    try:
        text = line.decode("utf-8-sig").strip()
        article = read_record(text, place=place, now=house.clock())
    except UnicodeDecodeError:
        unread = UnreadableRecordError("{place} is no UTF-8; save the file as UTF-8", place=place)
        return Step(place=number, problem=unread)
    except UnreadableRecordError as problem:
        return Step(place=number, problem=problem)
    return Step(place=number, outcome=_keep(house, article))


def _pages(house: House, file: BinaryIO, name: str) -> Iterator[Step]:
    number = 0
    try:
        for number, page in enumerate(pages_of(file, name=name), start=1):
            yield _page(house, page, number)
    except UnreadableRecordError as problem:
        yield Step(place=number + 1, problem=problem)


def _page(house: House, page: Page, number: int) -> Step:
    outlet = _outlet_of(house, page.url)
    if outlet is None:
        return Step(
            place=number,
            problem=NotImportedError(
                "{url} is on no outlet's host; add the outlet to the catalogue first", url=page.url
            ),
        )
    entry = Entry(
        outlet_id=outlet.id, url=page.url, canonical_url=canonical_url(page.url, outlet=outlet)
    )
    said = extract(page, outlet, entry=entry, directory=house.directory, now=house.clock())
    if isinstance(said, Failure):
        problem = NotImportedError(
            "{url} gave no article: {failure}", url=page.url, failure=said.kind.value
        )
        return Step(place=number, problem=problem)
    return Step(place=number, outcome=_keep(house, said))


def _outlet_of(house: House, url: str) -> Outlet | None:
    return next((one for one in house.outlets.values() if belongs(url, outlet=one)), None)


def _keep(house: House, article: Article) -> Outcome:
    article = clean(article)
    outlet = house.outlets.get(article.outlet_id)
    with house.database.write() as connection:
        kept = archive(connection, article, roles=house.outlets, now=house.clock(), backfill=True)
        if outlet is not None and kept.outcome is not Outcome.UNCHANGED:
            house.rulebook.match(connection, article, kept, outlet)
    return kept.outcome
