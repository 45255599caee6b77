import asyncio
from dataclasses import replace
from datetime import timedelta

from crawler.discover import Discovery, discover
from crawler.fetch import Fetcher
from crawler.page import Failure, FailureKind, Fetched, Page, Validators
from tests.crawler.hostile import Answer, Press, in_turn
from tests.crawler.making import NOW, outlet
from tests.crawler.visits import feed, local, look, play, visitor


def test_a_feed_is_read_and_its_validators_are_sent_the_next_time() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        page = Answer(headers={"ETag": '"1"'}, body=feed(press, "یک", "دو"))
        press.serve("/feed/", in_turn(page, Answer(status=304)))
        of = local(press)
        first = await look(of, fetcher)
        second = await look(of, fetcher, dict(first.validators_by_way))
        assert press.seen[-1].headers["if-none-match"] == '"1"'
        return first, second

    first, second = play(scene)  # type: ignore[misc]
    assert [entry.title for entry in first.entries] == ["یک", "دو"]
    assert (first.reports[0].found, first.reports[0].kept) == (2, 2)
    assert not first.is_unchanged
    assert second.is_unchanged
    assert second.entries == ()
    assert second.validators_by_way == first.validators_by_way


def test_a_way_that_fails_does_not_stop_the_others() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/feed/", Answer(body=feed(press, "یک")))
        ways = [{"kind": "feed", "url": press.url(path)} for path in ("/gone/", "/feed/")]
        return await look(local(press, ways_in=ways), fetcher)

    found = play(scene)
    assert isinstance(found, Discovery)
    assert [entry.title for entry in found.entries] == ["یک"]
    assert [failure.status for failure in found.failures] == [404]


def test_a_feed_that_breaks_keeps_its_old_validators_and_what_could_be_read() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        torn = feed(press, "یک", "دو")[:-40]
        press.serve("/feed/", Answer(headers={"ETag": '"2"'}, body=torn))
        of = local(press)
        return await look(of, fetcher, {press.url("/feed/"): Validators(etag='"1"')})

    found = play(scene)
    assert isinstance(found, Discovery)
    assert found.entries[0].title == "یک"
    assert found.failures[0].kind is FailureKind.BROKEN_FEED
    assert [v.etag for v in found.validators_by_way.values()] == ['"1"']


def test_the_place_filter_keeps_what_belongs_here_and_local_ways_are_not_asked() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/feed/", Answer(body=feed(press, "باران در کرمان", "باران در کرمانشاه")))
        press.serve("/here/", Answer(body=feed(press, "الف", "ب", "نشست شورا")))
        ways = [
            {"kind": "feed", "url": press.url("/feed/")},
            {"kind": "feed", "url": press.url("/here/"), "local": True},
            {"kind": "feed", "url": press.url("/old/"), "backfill_only": True},
        ]
        of = local(press, ways_in=ways, place_filter={"words": ["کرمان"]})
        found = await look(of, fetcher)
        assert "/old/" not in press.paths()
        return found

    found = play(scene)
    assert isinstance(found, Discovery)
    assert [entry.title for entry in found.entries] == ["باران در کرمان", "ب", "نشست شورا"]
    assert [(report.found, report.kept) for report in found.reports] == [(2, 1), (3, 3)]


def test_what_robots_forbid_is_not_asked_for() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/robots.txt", Answer(body="User-agent: *\nDisallow: /feed/\n"))
        found = await look(local(press), fetcher)
        return found, press.paths()

    found, paths = play(scene)  # type: ignore[misc]
    assert found.failures[0].kind is FailureKind.ROBOTS
    assert paths == ["/robots.txt"]


def test_a_visitor_counts_its_requests_and_reads_robots_once() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/*", Answer(body="ok"))
        guest = visitor(local(press), fetcher)
        for path in "abc":
            await guest.fetch(press.url(f"/{path}"))
        return guest.requests, press.paths()

    assert play(scene) == (4, ["/robots.txt", "/a", "/b", "/c"])


def test_the_crawl_delay_of_robots_stretches_the_pause() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/robots.txt", Answer(body="User-agent: *\nCrawl-delay: 0.2\n"))
        guest = visitor(local(press), fetcher)
        loop = asyncio.get_running_loop()
        await guest.fetch(press.url("/a"))
        begun = loop.time()
        await guest.fetch(press.url("/b"))
        return loop.time() - begun

    gap = play(scene)
    assert isinstance(gap, float)
    assert gap >= 0.19


def test_a_host_that_asks_for_an_hour_of_peace_gets_it() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        busy = Answer(status=429, headers={"Retry-After": "3600"})
        press.serve("/robots.txt", Answer(status=404))
        press.serve("/a", busy)
        guest = visitor(local(press), fetcher)
        first = await guest.fetch(press.url("/a"))
        second = await guest.fetch(press.url("/b"))
        return first, second, press.paths()

    first, second, paths = play(scene)  # type: ignore[misc]
    assert isinstance(first, Failure)
    assert isinstance(second, Failure)
    assert second.retry_after is not None
    assert second.retry_after > timedelta(minutes=59)
    assert "wants no request" in second.detail
    assert paths == ["/robots.txt", "/a"]


def test_the_outlets_manner_is_used_for_every_request() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/*", Answer(body="<p>please wait for the gate</p>"))
        polite = {"pause_seconds": 0, "user_agent_suffix": "kerman"}
        marks = {"blocked_markers": ["wait for the gate"]}
        of = local(press, politeness=polite, overrides=marks)
        found = await visitor(of, fetcher).fetch(press.url("/a"))
        return found, press.seen[0].headers["user-agent"]

    found, agent = play(scene)  # type: ignore[misc]
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.CHALLENGE
    assert agent.endswith(" kerman")


def test_an_outlet_that_may_not_be_private_is_not_reached() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        of = replace(local(press), allow_private=())
        return await look(of, fetcher), press.paths()

    found, paths = play(scene)  # type: ignore[misc]
    assert found.failures[0].kind is FailureKind.FORBIDDEN_ADDRESS
    assert paths == []


class Shelf:
    """A fetcher that hands out one page, for whoever wants to discover without a network."""

    def __init__(self, body: str) -> None:
        self._body = body

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        body = self._body.encode()
        return Page(requested_url=url, url=url, status=200, body=body, fetched_at=NOW)


def test_discovery_works_with_anything_that_fetches() -> None:
    body = "<rss><channel><item><link>https://nazir.example/a</link></item></channel></rss>"
    of = outlet(ways_in=[{"kind": "feed", "url": "https://nazir.example/feed/"}])
    found = asyncio.run(discover(of, Shelf(body), {}, NOW))
    assert [entry.canonical_url for entry in found.entries] == ["https://nazir.example/a"]


def listed(*numbers: int, following: str = "") -> Answer:
    links = "".join(
        f"<article><h2><a href='/{n}/khabar-{n}'>تیتر</a></h2></article>" for n in numbers
    )
    following = f"<a rel=next href='{following}'>بعد</a>" if following else ""
    return Answer(body=f"<html><body>{links}{following}</body></html>")


def numbers_of(found: object) -> list[str | None]:
    assert isinstance(found, Discovery)
    return [entry.external_id for entry in found.entries]


def way(kind: str, url: str, **more: object) -> dict[str, object]:
    return {"kind": kind, "url": url} | more


def test_a_list_is_read_page_after_page_as_far_as_its_file_says() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/list", listed(501, 502, following="/list/2"))
        press.serve("/list/2", listed(502, 503, following="/list/3"))
        press.serve("/list/3", listed(504))
        return await look(local(press, ways_in=[way("list", press.url("/list"), pages=2)]), fetcher)

    assert numbers_of(play(scene)) == ["501", "502", "503"]


def test_numbered_pages_stop_where_nothing_new_comes() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/list?page=1", listed(501))
        press.serve("/list?page=2", listed(502))
        press.serve("/list*", listed(502))
        ways = [way("list", press.url("/list?page={page}"), pages=50)]
        found = await look(local(press, ways_in=ways), fetcher)
        assert press.paths()[1:] == ["/list?page=1", "/list?page=2", "/list?page=3"]
        return found

    assert numbers_of(play(scene)) == ["501", "502"]


def test_an_archive_is_asked_for_the_day_of_tehran() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/archive/1405-09-02?g=2026-11-23", listed(501))
        ways = [way("archive", press.url("/archive/{jy}-{jm}-{jd}?g={y}-{m}-{d}"))]
        return await look(local(press, ways_in=ways), fetcher)

    assert numbers_of(play(scene)) == ["501"]


def test_after_midnight_an_archive_is_asked_for_yesterday_too_and_never_conditionally() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        tags = {"ETag": '"1"'}
        press.serve("/archive/1405-09-02", Answer(headers=tags, body=listed(501).body))
        press.serve("/archive/1405-09-01", Answer(headers=tags, body=listed(502).body))
        of = local(press, ways_in=[way("archive", press.url("/archive/{jy}-{jm}-{jd}"))])
        guest = visitor(of, fetcher)
        early = NOW.replace(day=22, hour=21)  # half past midnight in Tehran
        found = await discover(of, guest, {of.ways_in[0].url: Validators(etag='"0"')}, early)
        assert all("if-none-match" not in request.headers for request in press.seen)
        assert dict(found.validators_by_way) == {of.ways_in[0].url: Validators(etag='"0"')}
        return found

    assert numbers_of(play(scene)) == ["501", "502"]


def test_a_sitemap_is_followed_from_its_index_to_the_newest_leaf() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        index = "".join(
            f"<sitemap><loc>{press.url(f'/s/{name}.xml')}</loc></sitemap>" for name in (1, 2, 3)
        )
        leaf = "".join(
            f"<url><loc>{press.url(f'/{n}/x')}</loc><lastmod>{day}</lastmod></url>"
            for n, day in ((501, "2026-11-22"), (502, "2026-10-01"), (503, "2026-11-23"))
        )
        press.serve("/sitemap.xml", Answer(body=f"<sitemapindex>{index}</sitemapindex>"))
        press.serve("/s/3.xml", Answer(body=f"<urlset>{leaf}</urlset>"))
        found = await look(
            local(press, ways_in=[way("sitemap", press.url("/sitemap.xml"))]), fetcher
        )
        assert press.paths()[1:] == ["/sitemap.xml", "/s/3.xml"]
        return found

    assert numbers_of(play(scene)) == ["501", "503"]


def test_undated_sitemaps_give_a_visit_no_more_than_it_can_read() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        body = "\n".join(press.url(f"/{n}/x") for n in range(1000, 3000))
        press.serve("/sitemap.txt", Answer(body=body))
        return await look(
            local(press, ways_in=[way("sitemap", press.url("/sitemap.txt"))]), fetcher
        )

    assert len(numbers_of(play(scene))) == 200


def test_posts_are_read_from_the_rest_interface() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        post = '[{"id": 501, "link": "%s", "date_gmt": "2026-11-22T08:30:00"}]'
        press.serve("/wp-json/wp/v2/posts*", Answer(body=post % press.url("/baresh/")))
        ways = [way("wordpress", press.url("/wp-json/wp/v2/posts"))]
        return await look(local(press, ways_in=ways), fetcher)

    assert numbers_of(play(scene)) == ["501"]


def test_a_list_without_articles_fails_in_plain_words() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/list", Answer(body="<p>به زودی</p>"))
        return await look(local(press, ways_in=[way("list", press.url("/list"))]), fetcher)

    found = play(scene)
    assert isinstance(found, Discovery)
    assert found.failures[0].kind is FailureKind.NOTHING_FOUND


def test_session_ids_in_addresses_make_no_second_article() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        links = "".join(
            f"<article><h3><a href='/khabar-{n}?PHPSESSID={s}'>تیتر</a></h3></article>"
            for n in (1, 2)
            for s in "ab"
        )
        press.serve("/list", Answer(body=links))
        return await look(local(press, ways_in=[way("list", press.url("/list"))]), fetcher)

    found = play(scene)
    assert isinstance(found, Discovery)
    assert len(found.entries) == 2


def test_a_redirect_into_what_robots_forbid_is_not_followed() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> object:
        press.serve("/robots.txt", Answer(body="User-agent: *\nDisallow: /hidden/\n"))
        press.serve("/open", Answer(status=302, headers={"Location": "/hidden/1"}))
        press.serve("/hidden/1", Answer(body="x"))
        found = await visitor(local(press), fetcher).fetch(press.url("/open"))
        return found, press.paths()

    found, paths = play(scene)  # type: ignore[misc]
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.ROBOTS
    assert "redirects to" in found.detail
    assert paths == ["/robots.txt", "/open"]
