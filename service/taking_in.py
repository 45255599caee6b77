"""Take an analyst's old collection in (JSON Lines or WARC), the way a visit's articles go.

Pages are extracted, articles find their story, the index and their topics; what a rule finds is
kept. Nothing of it is written into the ledger of deliveries, so nobody is ever alerted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection

from crawler.article import Article
from crawler.entry import Entry
from crawler.extract import extract
from crawler.identity import belongs, canonical_url
from crawler.outlets import Outlet
from crawler.page import Failure, Page
from service.errors import NotImportedError, SettingsError
from service.house import House
from storage.archive import archive
from storage.articles import Outcome
from storage.cleaning import clean
from storage.errors import UnreadableRecordError
from storage.importing import read_record
from storage.warc import pages_of
from storage.worded import Worded

#: Articles of one transaction: few enough that the daemon's own writes do not wait.
BATCH: Final = 50
#: Nobody's article is longer; a file of one endless line must not fill the memory.
LONGEST_LINE_BYTES: Final = 8_000_000
_GZIPPED: Final = b"\x1f\x8b"
_WARC: Final = b"WARC/"
_ENDINGS: Final = (".jsonl", ".ndjson", ".warc", ".warc.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line or page of a collection: what became of it, or why nothing did.

    `place` is the number of the line or page, from 1.
    """

    place: int
    outcome: Outcome | None = None
    problem: Worded | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a file's lines or pages."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All that were looked at."""
        return self.new + self.revised + self.unchanged + self.failed

    def after(self, step: Step) -> "TakenIn":
        """Return the count with one step more."""
        return replace(
            self,
            new=self.new + (step.outcome is Outcome.NEW),
            revised=self.revised + (step.outcome is Outcome.REVISED),
            unchanged=self.unchanged + (step.outcome is Outcome.UNCHANGED),
            failed=self.failed + (step.problem is not None),
        )


NOTHING: Final = TakenIn()

#: One line or page as read: its number, and its article or why there is none.
_Read = tuple[int, Article | Worded]


def take_in_file(house: House, file: Path, *, progress: Callable[[TakenIn, Step], None]) -> TakenIn:
    """Take in a file of the disk; SettingsError for one of another kind or that cannot be read."""
    if not file.name.endswith(_ENDINGS):
        raise SettingsError(f"{file}: name a file that ends with {', '.join(_ENDINGS)}")
    count = NOTHING
    try:
        with file.open("rb") as opened:
            for step in take_in(house, opened, name=str(file)):
                count = count.after(step)
                progress(count, step)
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error})") from error
    return count


def take_in(house: House, file: BinaryIO, *, name: str) -> Iterator[Step]:
    """Take in one line or page after another, some in a transaction. Repeatable.

    Whether it is WARC (plain or gzipped) or JSON Lines is told by how it begins. A line that cannot
    be read is a step with its problem, and the next follows; `name` is the file's, for messages.
    """
    house.rulebook.refresh()
    beginning = file.read(len(_WARC))
    file.seek(0)
    is_warc = beginning == _WARC or beginning.startswith(_GZIPPED)
    found = _pages(house, file, name) if is_warc else _lines(house, file, name)
    while some := list(islice(found, BATCH)):
        with house.database.write() as connection:
            steps = [_step(connection, house, place, said) for place, said in some]
        yield from steps


def _step(connection: Connection, house: House, place: int, said: Article | Worded) -> Step:
    if isinstance(said, Worded):
        return Step(place=place, problem=said)
    article = clean(said)
    outlet = house.outlets.get(article.outlet_id)
    kept = archive(connection, article, roles=house.outlets, now=house.clock(), backfill=True)
    if outlet is not None and kept.outcome is not Outcome.UNCHANGED:
        house.rulebook.match(connection, article, kept, outlet)
    return Step(place=place, outcome=kept.outcome)


def _lines(house: House, file: BinaryIO, name: str) -> Iterator[_Read]:
    number = 0
    while line := file.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        if len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            _pass_over(file)
        if line.strip():
            yield number, _line(house, line, f"{name}, line {number}")


def _pass_over(file: BinaryIO) -> None:
    """Read on to the end of a line that is too long to be kept."""
    while piece := file.readline(LONGEST_LINE_BYTES):
        if piece.endswith(b"\n"):
            return


def _line(house: House, line: bytes, place: str) -> Article | Worded:
    if len(line) > LONGEST_LINE_BYTES:
        return UnreadableRecordError("{place} is too long; shorten or remove it", place=place)
    try:
        return read_record(line.decode("utf-8-sig").strip(), place=place, now=house.clock())
    except UnicodeDecodeError:
        return UnreadableRecordError("{place} is no UTF-8; save the file as UTF-8", place=place)
    except UnreadableRecordError as problem:
        return problem


def _pages(house: House, file: BinaryIO, name: str) -> Iterator[_Read]:
    number = 0
    try:
        for number, page in enumerate(pages_of(file, name=name), start=1):
            yield number, _page(house, page)
    except UnreadableRecordError as problem:
        yield number + 1, problem


def _page(house: House, page: Page) -> Article | Worded:
    """Read a page by the profile of the outlet on whose host it stands, as of when it was kept."""
    outlet = _outlet_of(house, page.url)
    if outlet is None:
        return NotImportedError(
            "{url} is on no outlet's host; add the outlet to the catalogue first", url=page.url
        )
    address = canonical_url(page.url, outlet=outlet)
    entry = Entry(outlet_id=outlet.id, url=page.url, canonical_url=address)
    said = extract(page, outlet, entry=entry, directory=house.directory, now=page.fetched_at)
    if isinstance(said, Failure):
        return NotImportedError(
            "{url} gave no article: {failure}", url=page.url, failure=said.kind.value
        )
    return said


def _outlet_of(house: House, url: str) -> Outlet | None:
    return next((one for one in house.outlets.values() if belongs(url, outlet=one)), None)
