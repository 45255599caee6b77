import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.backfill import FAILURES_IN_A_ROW, walk_back, ways_back
from crawler.outlets import Outlet, WayIn, WayKind
from crawler.page import Failure, FailureKind, Fetched, Page, Unchanged, Validators
from crawler.past import Step
from crawler.pasts import EMPTY_DAYS_IN_A_ROW, MOST_PAGES_A_DAY
from crawler.wordpress import PER_PAGE
from tests.crawler.making import NOW, outlet

HOME = "https://nazir.example"
PAPER = outlet(profile="nastooh")
Answers = Callable[[str], str | int]


class Library:
    """A fetcher that answers from a function of the address; a number is a bad status."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        self.asked.append(url)
        answer = self._answers(url)
        if isinstance(answer, str):
            body = answer.encode()
            return Page(requested_url=url, url=url, status=200, body=body, fetched_at=NOW)
        if answer == 304:
            return Unchanged(requested_url=url, fetched_at=NOW)
        kind = FailureKind.HTTP_STATUS
        return Failure(requested_url=url, kind=kind, detail=url, status=answer, failed_at=NOW)


def way(kind: str, path: str, **more: object) -> WayIn:
    return WayIn(kind=WayKind(kind), url=f"{HOME}{path}", **more)  # type: ignore[arg-type]


def walk(
    library: Library,
    of: WayIn,
    *,
    since: date = date(2026, 11, 1),
    cursor: str | None = None,
    steps: int | None = None,
    outlet: Outlet = PAPER,
) -> list[Step]:
    async def run() -> list[Step]:
        found: list[Step] = []
        async for step in walk_back(outlet, of, library, since=since, now=NOW, cursor=cursor):
            found.append(step)
            if len(found) == steps:
                break
        return found

    return asyncio.run(run())


def ids(steps: list[Step]) -> list[str]:
    return [str(entry.external_id) for step in steps for entry in step.entries]


def listed(*numbers: int) -> str:
    return "".join(f"<h3><a href='/news/{n}/x'>تیتر</a></h3>" for n in numbers)


# lists ---------------------------------------------------------------------------------------

LIST = way("list", "/list?p={page}", links="a")


def pages_of(total: int) -> Answers:
    def answer(url: str) -> str:
        page = int(parse_qs(urlsplit(url).query)["p"][0])
        return listed(*range(10_000 + page * 10, 10_003 + page * 10)) if page <= total else ""

    return answer


def test_a_list_is_read_to_its_end() -> None:
    steps = walk(Library(pages_of(4)), LIST)
    assert len(ids(steps)) == len(set(ids(steps))) == 12
    assert steps[-1].is_last
    assert steps[-1].cursor is None
    assert steps[-1].progress == 1.0


def test_a_list_that_repeats_its_last_page_for_ever_ends() -> None:
    def answer(url: str) -> str:
        page = min(3, int(parse_qs(urlsplit(url).query)["p"][0]))
        return listed(10_000 + page)

    assert len(walk(Library(answer), LIST)) == 5


@pytest.mark.parametrize("stop_after", range(1, 7))
def test_a_walk_that_was_stopped_goes_on_from_its_cursor_and_misses_nothing(
    stop_after: int,
) -> None:
    whole = ids(walk(Library(pages_of(5)), LIST))
    first = walk(Library(pages_of(5)), LIST, steps=stop_after)
    rest = walk(Library(pages_of(5)), LIST, cursor=first[-1].cursor)
    assert sorted({*ids(first), *ids(rest)}) == sorted(whole)


def test_three_failures_in_a_row_end_a_walk_where_they_began() -> None:
    def answer(url: str) -> str | int:
        page = int(parse_qs(urlsplit(url).query)["p"][0])
        return 503 if page >= 3 else listed(10_000 + page)

    steps = walk(Library(answer), LIST)
    assert len(steps) == 2 + FAILURES_IN_A_ROW
    assert steps[-1].is_last
    assert steps[-1].failure is not None
    assert steps[-1].cursor == "3 0"


def test_a_single_failure_is_stepped_over_and_told() -> None:
    def answer(url: str) -> str | int:
        page = int(parse_qs(urlsplit(url).query)["p"][0])
        return 500 if page == 2 else pages_of(4)(url)

    steps = walk(Library(answer), LIST)
    assert len(ids(steps)) == 9
    assert [step.failure.status for step in steps if step.failure] == [500]


def test_a_server_that_answers_304_unasked_is_a_failure() -> None:
    steps = walk(Library(lambda _: 304), LIST)
    assert steps[-1].failure is not None
    assert "304" in steps[-1].failure.detail


# archives ------------------------------------------------------------------------------------

ARCHIVE = way("archive", "/archive?pi={page}&dy={jd}&mn={jm}&yr={jy}", links="a")


def day_of(url: str) -> tuple[str, int]:
    query = parse_qs(urlsplit(url).query)
    return f"{query['yr'][0]}-{query['mn'][0]}-{query['dy'][0]}", int(query["pi"][0])


def two_pages_a_day(url: str) -> str:
    day, page = day_of(url)
    number = int(day.replace("-", "")) * 10 + page
    return listed(number) if page <= 2 else ""


def test_an_archive_is_walked_day_by_day_back_to_the_day_asked_for() -> None:
    library = Library(two_pages_a_day)
    steps = walk(library, ARCHIVE, since=date(2026, 11, 20))
    assert ids(steps)[:3] == ["140509021", "140509022", "140509011"]
    assert {day_of(url)[0] for url in library.asked} == {
        "1405-09-02",
        "1405-09-01",
        "1405-08-30",
        "1405-08-29",
    }
    assert [step.progress for step in steps] == sorted(step.progress for step in steps)
    assert steps[-1].is_last


def test_an_archive_of_months_is_asked_once_a_month() -> None:
    library = Library(lambda url: listed(int(url.rsplit("/", 1)[1]) + 10_000))
    monthly = way("archive", "/archive/{jy}/{jm}", links="a")
    walk(library, monthly, since=date(2026, 8, 1))
    assert [url.split("archive/")[1] for url in library.asked] == [
        "1405/09",
        "1405/08",
        "1405/07",
        "1405/06",
        "1405/05",
    ]


def test_empty_days_are_no_failures_and_a_dead_archive_ends() -> None:
    steps = walk(Library(lambda _: "<p>خبری نیست</p>"), ARCHIVE, since=date(2020, 1, 1))
    assert len(steps) == EMPTY_DAYS_IN_A_ROW
    assert not any(step.failure for step in steps)
    assert steps[-1].is_last


def test_a_calendar_trap_is_left_after_fifty_pages_of_a_day() -> None:
    counter = iter(range(10_000, 99_999))
    library = Library(lambda _: listed(next(counter)))
    walk(library, ARCHIVE, since=date(2026, 11, 23))
    assert len(library.asked) == MOST_PAGES_A_DAY


def test_an_archive_is_taken_up_on_the_page_where_it_stopped() -> None:
    library = Library(two_pages_a_day)
    steps = walk(library, ARCHIVE, since=date(2026, 11, 22), cursor="2026-11-22 2 0")
    assert ids(steps) == ["140509012"]


# the REST interface --------------------------------------------------------------------------

POSTS = way("wordpress", "/wp-json/wp/v2/posts")


def posts(url: str) -> str:
    """A post every hour, for ever."""
    before = datetime.fromisoformat(parse_qs(urlsplit(url).query)["before"][0])
    found = []
    at = before.replace(minute=0, second=0)
    for _ in range(PER_PAGE):
        at -= timedelta(hours=1)
        number = int(at.timestamp()) // 3600
        link = f"{HOME}/post-{number}/"
        found.append({"id": number, "link": link, "date_gmt": at.strftime("%Y-%m-%dT%H:%M:%S")})
    return json.dumps(found)


def test_posts_are_walked_by_time_without_a_gap() -> None:
    steps = walk(Library(posts), POSTS, since=date(2026, 11, 16), outlet=outlet())
    numbers = sorted(int(number) for number in ids(steps))
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    first_at = datetime.fromtimestamp(numbers[0] * 3600, UTC)
    assert first_at == datetime(2026, 11, 15, 21, 0, tzinfo=UTC), "midnight in Tehran is 20:30 UTC"


def test_posts_that_make_no_headway_end() -> None:
    same = json.dumps([{"id": 1, "link": f"{HOME}/a/", "date_gmt": "2026-11-22T00:00:00"}])
    steps = walk(Library(lambda _: same), POSTS, outlet=outlet())
    assert len(steps) == 1
    assert steps[0].is_last


@pytest.mark.parametrize("answer", [500, "<html>"])
def test_posts_that_cannot_be_read_end_where_they_stand(answer: str | int) -> None:
    steps = walk(Library(lambda _: answer), POSTS)
    assert len(steps) == FAILURES_IN_A_ROW
    assert steps[-1].cursor == NOW.isoformat()


# sitemaps ------------------------------------------------------------------------------------

MAP = way("sitemap", "/sitemap/all/sitemap.xml")


def sitemap(url: str) -> str | int:
    path = urlsplit(url).path
    if path.endswith("all/sitemap.xml"):
        names = ("1402/1.xml", "1405/1.xml", "1405/2.xml", "1404/1.xml", "1405/3.xml")
        leaves = "".join(f"<sitemap><loc>{HOME}/sitemap/{n}</loc></sitemap>" for n in names)
        return f"<sitemapindex>{leaves}</sitemapindex>"
    if path.endswith("1405/2.xml"):
        return 504
    number = int(path.removesuffix(".xml").replace("/sitemap/", "").replace("/", "")) * 10
    return f"<urlset><url><loc>{HOME}/news/{number}/x</loc></url></urlset>"


def test_a_sitemap_is_walked_leaf_by_leaf_and_a_broken_leaf_holds_nothing_up() -> None:
    steps = walk(Library(sitemap), MAP, since=date(2025, 4, 1))
    assert ids(steps) == ["140530", "140510", "140410"]
    assert [step.failure.status for step in steps if step.failure] == [504]
    assert steps[-1].is_last


def test_a_sitemap_is_taken_up_at_its_leaf() -> None:
    library = Library(sitemap)
    leaf = f"{HOME}/sitemap/1405/1.xml"
    assert ids(walk(library, MAP, since=date(2025, 4, 1), cursor=leaf)) == ["140510", "140410"]
    assert library.asked[0] == MAP.url


def test_a_leaf_the_index_forgot_begins_the_walk_anew() -> None:
    steps = walk(Library(sitemap), MAP, since=date(2025, 4, 1), cursor=f"{HOME}/gone.xml")
    assert ids(steps) == ["140530", "140510", "140410"]


def test_an_index_within_an_index_is_followed() -> None:
    def answer(url: str) -> str:
        if url.endswith("inner.xml"):
            return f"<sitemapindex><sitemap><loc>{HOME}/leaf.xml</loc></sitemap></sitemapindex>"
        if url.endswith("leaf.xml"):
            return f"<urlset><url><loc>{HOME}/news/12345</loc></url></urlset>"
        return f"<sitemapindex><sitemap><loc>{HOME}/inner.xml</loc></sitemap></sitemapindex>"

    assert ids(walk(Library(answer), MAP)) == ["12345"]


def test_an_index_that_names_itself_ends() -> None:
    me = f"<sitemapindex><sitemap><loc>{MAP.url}</loc></sitemap></sitemapindex>"
    assert len(walk(Library(lambda _: me), MAP)) == 2


def test_an_index_that_cannot_be_read_ends_the_walk() -> None:
    steps = walk(Library(lambda _: 500), MAP)
    assert len(steps) == FAILURES_IN_A_ROW
    assert steps[-1].is_last


# the ways ------------------------------------------------------------------------------------


def feed_page(url: str) -> str | int:
    page = int(dict(parse_qs(urlsplit(url).query)).get("paged", ["1"])[0])
    if page > 3:
        return 404
    items = "".join(
        f"<item><link>/khabar-{n}</link></item>" for n in range(10 * page, 10 * page + 2)
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def test_a_feed_that_turns_pages_is_walked_to_the_page_that_is_not_there() -> None:
    library = Library(feed_page)
    steps = walk(library, way("feed", "/feed/?cat=3"), outlet=outlet())
    found = [entry.canonical_url.rsplit("-", 1)[1] for step in steps for entry in step.entries]
    assert found == ["10", "11", "20", "21", "30", "31"]
    assert library.asked[1].endswith("/feed/?cat=3&paged=2")
    assert not any(step.failure for step in steps)
    assert steps[-1].is_last


def test_a_feed_of_one_page_leads_nowhere() -> None:
    single = outlet(profile="nastooh", ways_in=[{"kind": "feed", "url": f"{HOME}/rss"}])
    assert [found.kind for found in ways_back(single)] in ([], [WayKind.ARCHIVE])
    library = Library(lambda _: "<rss><channel></channel></rss>")
    assert len(walk(library, way("feed", "/rss"))) == 2


def test_the_most_complete_way_comes_first_and_backfill_ways_before_those_of_a_visit() -> None:
    of = outlet(
        ways_in=[
            {"kind": "feed", "url": f"{HOME}/feed/"},
            {"kind": "list", "url": f"{HOME}/list?p={{page}}"},
            {"kind": "list", "url": f"{HOME}/front"},
            {"kind": "archive", "url": f"{HOME}/a/{{jy}}/{{jm}}", "backfill_only": True},
            {"kind": "wordpress", "url": f"{HOME}/posts", "backfill_only": True},
            {"kind": "sitemap", "url": f"{HOME}/s.xml", "backfill_only": True},
        ]
    )
    kinds = [found.kind.value for found in ways_back(of)]
    assert kinds == ["sitemap", "wordpress", "archive", "list", "feed"]


def test_a_profile_that_knows_its_archive_adds_it() -> None:
    of = outlet(overrides={"lists": {"archive": "/archive?d={jy}-{jm}-{jd}"}})
    (found,) = ways_back(of)
    assert found.url == f"{HOME}/archive?d={{jy}}-{{jm}}-{{jd}}"


def test_the_place_filter_holds_for_the_past_too() -> None:
    body = "<a href='/news/11111/a'>باران کرمان</a><a href='/news/22222/b'>باران تهران</a>"
    of = outlet(profile="nastooh", place_filter={"words": ["کرمان"]})
    assert ids(walk(Library(lambda _: body), LIST, outlet=of)) == ["11111"]
