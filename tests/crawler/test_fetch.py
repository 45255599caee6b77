import asyncio
import gzip
import socket
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.fetch import Fetcher, FetchSettings, Manner, user_agent
from crawler.httpform import content_type
from crawler.page import Failure, FailureKind, Fetched, Page, Unchanged, Validators
from tests.crawler.hostile import (
    OPEN,
    Answer,
    Press,
    drip,
    endless_body,
    endless_redirects,
    gzip_bomb,
    gzipped,
    hang_up,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
QUICK = replace(OPEN, time_limit=timedelta(seconds=0.5))


def play(
    scene: Callable[[Press, Fetcher], Awaitable[Fetched]], settings: FetchSettings = OPEN
) -> Fetched:
    async def run() -> Fetched:
        async with Press() as press, Fetcher(settings, clock=lambda: NOW) as fetcher:
            return await scene(press, fetcher)

    return asyncio.run(run())


def ask(answer: object, settings: FetchSettings = OPEN, path: str = "/x") -> Fetched:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        return await fetcher.fetch(press.serve(path, answer))  # type: ignore[arg-type]

    return play(scene, settings)


def failure(answer: object, settings: FetchSettings = OPEN, path: str = "/x") -> Failure:
    found = ask(answer, settings, path)
    assert isinstance(found, Failure)
    assert "127.0.0.1" in found.detail, "the detail names the address"
    return found


def test_a_page_comes_with_its_body_headers_charset_and_validators() -> None:
    headers = {"ETag": '"7"', "Last-Modified": "Mon, 23 Nov 2026 05:00:00 GMT", "Set-Cookie": "a=b"}
    page = ask(Answer(headers=headers, body="کرمان"))
    assert isinstance(page, Page)
    assert page.body.decode() == "کرمان"
    assert (page.media_type, page.charset, page.status) == ("text/html", "utf-8", 200)
    assert page.validators == Validators(etag='"7"', last_modified="Mon, 23 Nov 2026 05:00:00 GMT")
    assert page.fetched_at == NOW
    assert "set-cookie" not in page.headers


def test_requests_say_who_asks_and_want_gzip_or_deflate_only() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        url = press.serve("/x", Answer())
        answer = await fetcher.fetch(url, manner=Manner(user_agent_suffix="demo"))
        headers = press.seen[0].headers
        assert headers["user-agent"] == "Rasad/test (+mailto:a@example.ir) demo"
        assert headers["accept-encoding"] == "gzip, deflate"
        return answer

    assert isinstance(play(scene), Page)


def test_validators_are_sent_back_and_a_304_is_unchanged() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        url = press.serve("/x", Answer(status=304))
        sent = Validators(etag='"7"', last_modified="Mon, 23 Nov 2026 05:00:00 GMT")
        answer = await fetcher.fetch(url, validators=sent)
        headers = press.seen[0].headers
        assert headers["if-none-match"] == '"7"'
        assert headers["if-modified-since"] == "Mon, 23 Nov 2026 05:00:00 GMT"
        return answer

    assert isinstance(play(scene), Unchanged)


def test_cookies_are_not_kept() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        url = press.serve("/x", Answer(headers={"Set-Cookie": "seen=1; Path=/"}))
        await fetcher.fetch(url)
        answer = await fetcher.fetch(url)
        assert "cookie" not in press.seen[1].headers
        return answer

    play(scene)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress("کرمان".encode(), mtime=0)),
        ("x-gzip", gzip.compress("کر".encode(), mtime=0) + gzip.compress("مان".encode(), mtime=0)),
        ("deflate", zlib.compress("کرمان".encode())),
        ("deflate", zlib.compress("کرمان".encode(), wbits=-15)),
        ("identity", "کرمان".encode()),
        ("", "کرمان".encode()),
    ],
)
def test_every_encoding_that_was_asked_for_is_read(encoding: str, body: bytes) -> None:
    page = ask(Answer(headers={"Content-Encoding": encoding}, body=body))
    assert isinstance(page, Page)
    assert page.body.decode() == "کرمان"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip,br", "compress"])
def test_brotli_and_stacked_encodings_are_refused(encoding: str) -> None:
    found = failure(Answer(headers={"Content-Encoding": encoding}, body=gzip.compress(b"x")))
    assert found.kind is FailureKind.BAD_ENCODING
    assert encoding in found.detail


@pytest.mark.parametrize("body", [gzip.compress(b"x" * 999, mtime=0)[:-9], b"not gzip at all"])
def test_torn_and_broken_streams_are_named(body: bytes) -> None:
    found = failure(Answer(headers={"Content-Encoding": "gzip"}, body=body))
    assert found.kind is FailureKind.BAD_ENCODING


def test_a_bomb_stops_at_the_size_limit() -> None:
    bomb = gzip_bomb(200_000_000)
    assert len(bomb.body) < 250_000
    assert failure(bomb).kind is FailureKind.TOO_LARGE


def test_a_body_without_end_stops_at_the_size_limit() -> None:
    assert failure(endless_body()).kind is FailureKind.TOO_LARGE


def test_a_page_of_exactly_the_limit_is_read_and_one_more_byte_is_not() -> None:
    small = replace(OPEN, size_limit_bytes=1000)
    assert isinstance(ask(gzipped(b"x" * 1000), small), Page)
    assert failure(gzipped(b"x" * 1001), small).kind is FailureKind.TOO_LARGE
    assert failure(Answer(body=b"x" * 1001), small).kind is FailureKind.TOO_LARGE


def test_a_server_that_drips_is_cut_off_by_the_clock() -> None:
    found = failure(drip(b"x" * 600, pause_seconds=0.05), QUICK)
    assert found.kind is FailureKind.TIMEOUT
    assert "0.5 seconds" in found.detail


def test_a_server_that_says_nothing_is_cut_off_by_the_clock() -> None:
    async def silence(request: object, writer: object) -> None:
        await asyncio.sleep(5)

    assert failure(silence, QUICK).kind is FailureKind.TIMEOUT


def test_a_connection_that_ends_early_is_a_reset() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    assert failure(hang_up(head)).kind is FailureKind.RESET
    assert failure(hang_up()).kind is FailureKind.RESET
    assert failure(hang_up(b"SSH-2.0-OpenSSH_9\r\n")).kind is FailureKind.RESET


def test_a_closed_port_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        return await fetcher.fetch(f"http://127.0.0.1:{port}/")

    found = play(scene)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.REFUSED


def test_plain_http_on_a_tls_port_is_a_certificate_failure() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            return await fetcher.fetch(f"https://127.0.0.1:{port}/")
        finally:
            server.close()

    found = play(scene)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.TLS


def test_redirects_are_followed_to_the_last_address() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        press.serve("/a", Answer(status=301, headers={"Location": "/b"}))
        press.serve("/b", Answer(status=307, headers={"Location": "c?x=1#top"}))
        press.serve("/c?x=1", Answer(body="here"))
        return await fetcher.fetch(press.url("/a"))

    page = play(scene)
    assert isinstance(page, Page)
    assert page.requested_url.endswith("/a")
    assert page.url.split("#")[0].endswith("/c?x=1")


def test_endless_redirects_end_after_five() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        press.serve("/on/*", endless_redirects())
        answer = await fetcher.fetch(press.url("/on/0"))
        assert len(press.seen) == 6
        return answer

    found = play(scene)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1:8080/",
        "http://0xa.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "//[::ffff:127.0.0.1]/",
    ],
)
def test_redirects_into_forbidden_places_are_refused(target: str) -> None:
    found = failure(Answer(status=302, headers={"Location": target}))
    assert found.kind is FailureKind.FORBIDDEN_ADDRESS
    assert found.permanent


@pytest.mark.parametrize(
    "url", ["ftp://x.ir/", "mailto:a@b.ir", "http://", "nonsense", "http://x:port/"]
)
def test_what_is_no_web_address_is_refused_at_once(url: str) -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        return await fetcher.fetch(url)

    found = play(scene)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.FORBIDDEN_ADDRESS
    assert url in found.detail


def test_a_redirect_to_no_address_is_a_failure() -> None:
    found = failure(Answer(status=302, headers={"Location": "http://x:port/"}))
    assert found.kind is FailureKind.RESET


def test_a_redirect_without_location_is_a_status() -> None:
    assert failure(Answer(status=302)).status == 302


@pytest.mark.parametrize(
    ("status", "permanent"), [(404, False), (403, False), (500, False), (410, True), (599, False)]
)
def test_other_statuses_are_failures_and_only_gone_is_permanent(
    status: int, *, permanent: bool
) -> None:
    found = failure(Answer(status=status))
    assert (found.kind, found.status, found.permanent) == (
        FailureKind.HTTP_STATUS,
        status,
        permanent,
    )


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("Mon, 23 Nov 2026 06:05:00 GMT", 300), ("soon", None), ("", None)],
)
def test_retry_after_is_read_in_both_forms(header: str, seconds: int | None) -> None:
    found = failure(Answer(status=503, headers={"Retry-After": header}))
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert found.retry_after == expected


CHALLENGE = """<html><head><script>var __arcsjs = 1;</script></head>
<body>Transferring to the website...</body></html>"""


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_page_is_recognised_whatever_its_status(status: int) -> None:
    found = failure(Answer(status=status, body=CHALLENGE))
    assert found.kind is FailureKind.CHALLENGE
    assert "challenge" in found.detail


def test_a_redirect_to_itself_with_a_cookie_is_a_challenge() -> None:
    found = failure(Answer(status=307, headers={"Location": "/x", "Set-Cookie": "__arcsjsc=1"}))
    assert found.kind is FailureKind.CHALLENGE


def test_a_long_page_about_challenges_is_a_page() -> None:
    assert isinstance(ask(Answer(body=CHALLENGE + "<p>خبر</p>" * 2000)), Page)


def test_a_profiles_own_marker_is_a_challenge_too() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        url = press.serve("/x", Answer(body="<p>لطفاً صبر کنید</p>"))
        return await fetcher.fetch(url, manner=Manner(blocked_markers=("لطفاً صبر کنید",)))

    found = play(scene)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.CHALLENGE


def test_error_pages_that_are_huge_or_broken_are_statuses() -> None:
    assert failure(Answer(status=500, body=b"x" * 99_999)).status == 500
    broken = Answer(status=502, headers={"Content-Encoding": "br"}, body=b"x")
    assert failure(broken).kind is FailureKind.HTTP_STATUS


def test_connections_are_kept_between_requests() -> None:
    async def scene(press: Press, fetcher: Fetcher) -> Fetched:
        url = press.serve("/x", Answer(body="ok"))
        await asyncio.gather(*(fetcher.fetch(url) for _ in range(20)))
        return await fetcher.fetch(url)

    assert isinstance(play(scene), Page)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html; charset=UTF-8", ("text/html", "utf-8")),
        ("Text/XML;charset='windows-1256'", ("text/xml", "windows-1256")),
        ('text/html; boundary=x; charset="utf-8"', ("text/html", "utf-8")),
        ("text/html;charset=", ("text/html", None)),
        ("", ("application/octet-stream", None)),
    ],
)
def test_content_types_are_split(header: str, expected: tuple[str, str | None]) -> None:
    assert content_type(header) == expected


def test_the_user_agent_names_program_version_and_contact() -> None:
    agent = user_agent(version="1.2", contact="mailto:press@example.ir", suffix="x")
    assert agent == "Rasad/1.2 (press archive of Kerman; +mailto:press@example.ir) x"


def test_the_fetcher_knows_its_time() -> None:
    assert Fetcher(OPEN, clock=lambda: NOW).now() == NOW
    assert Fetcher(OPEN).now().tzinfo is UTC
