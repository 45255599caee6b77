import asyncio
from collections.abc import Awaitable, Callable, Collection

from crawler.discover import Discovery, discover
from crawler.fetch import Fetcher
from tests.crawler.hostile import Answer, Press, Request
from tests.crawler.making import NOW
from tests.crawler.visits import local, play, visitor


class Archive:
    """An archive that knows some addresses and counts the questions."""

    def __init__(self, *known: str) -> None:
        self._known = set(known)
        self.asked = 0

    async def __call__(self, addresses: Collection[str]) -> Collection[str]:
        self.asked += 1
        return self._known & set(addresses)


def paged_feed(pages: int) -> Callable[[Request, asyncio.StreamWriter], Awaitable[None]]:
    """A WordPress feed of two posts a page, the newest first."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        page = int(request.path.partition("paged=")[2] or "1")
        items = "".join(
            f"<item><title>{n}</title><link>/khabar-{n}</link></item>"
            for n in range(2 * page - 1, 2 * page + 1)
        )
        body = f"<rss version='2.0'><channel>{items if page <= pages else ''}</channel></rss>"
        writer.write(Answer(body=body).wire())

    return behave


def look_for_gaps(archive: Archive | None, pages: int = 9, **values: object) -> list[str | None]:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/feed/*", paged_feed(pages))
        known = archive and Archive(*(press.url(f"/khabar-{n}") for n in archive._known))
        of = local(press, **values)
        return await discover(of, visitor(of, fetcher), {}, NOW, is_known=known)

    found = play(scene)
    assert isinstance(found, Discovery)
    return [entry.title for entry in found.entries]


def test_a_feed_that_moved_on_beyond_its_first_page_is_read_until_something_is_known() -> None:
    assert look_for_gaps(Archive("5")) == ["1", "2", "3", "4", "5", "6"]


def test_a_feed_with_something_known_on_its_first_page_is_read_no_further() -> None:
    assert look_for_gaps(Archive("2")) == ["1", "2"]


def test_without_an_archive_to_ask_only_the_first_page_is_read() -> None:
    assert look_for_gaps(None) == ["1", "2"]


def test_a_gap_is_not_followed_for_ever() -> None:
    assert len(look_for_gaps(Archive("99"))) == 10


def test_a_feed_that_ends_leaves_no_gap_to_follow() -> None:
    assert look_for_gaps(Archive("99"), pages=2) == ["1", "2", "3", "4"]


def test_a_filtered_way_tells_nothing_about_gaps() -> None:
    place = {"words": ["کرمان"]}
    assert look_for_gaps(Archive("99"), place_filter=place) == []
