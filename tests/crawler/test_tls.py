import asyncio
import ssl
from pathlib import Path

import pytest

from crawler.fetch import Fetcher, FetchSettings, Manner
from crawler.page import Failure, FailureKind, Fetched, Page
from tests.crawler.hostile import Answer, Press, Request

FOLDER = Path(__file__).parent / "tls"  # a root, its intermediate, and a certificate for 127.0.0.1
ROOT, INTERMEDIATE, OUTLET = (
    str(FOLDER / f"{name}.pem") for name in ("root", "intermediate", "outlet")
)
OTHER_NAMES = {"paper.example": "127.0.0.1", "other.example": "127.0.0.1"}


async def resolve(host: str, port: int) -> list[str]:
    return [OTHER_NAMES[host]]


def ask(
    *authorities: str, manner: Manner | None = None, host: str = "127.0.0.1", sends: str = OUTLET
) -> Fetched:
    async def scene() -> Fetched:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(sends, OUTLET)
        settings = FetchSettings(allow_private=("127.0.0.1",), extra_authorities=authorities)
        async with Press(tls=server) as press, Fetcher(settings, resolver=resolve) as fetcher:
            press.serve("/", Answer(body="ok"))
            url = f"https://{host}:{press.port}/"
            return await fetcher.fetch(url, manner=manner or Manner())

    return asyncio.run(scene())


def test_a_server_that_forgets_its_intermediate_is_read_where_that_is_kept() -> None:
    assert isinstance(ask(ROOT, INTERMEDIATE), Page)


@pytest.mark.parametrize("authorities", [(), (ROOT,)])
def test_an_incomplete_or_unknown_chain_is_a_certificate_failure(
    authorities: tuple[str, ...],
) -> None:
    found = ask(*authorities)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.TLS
    assert "certificate" in found.detail


def test_a_name_the_certificate_does_not_know_is_a_certificate_failure() -> None:
    assert isinstance(ask(ROOT, INTERMEDIATE, host="paper.example"), Page)
    found = ask(ROOT, INTERMEDIATE, host="other.example")
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.TLS


def test_an_outlets_file_may_say_that_its_certificate_is_not_checked() -> None:
    assert isinstance(ask(manner=Manner(tls_verify=False)), Page)


def test_garbage_in_the_middle_of_a_tls_stream_is_a_reset() -> None:
    async def garbage(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf")
        await writer.drain()
        writer.transport._ssl_protocol._transport.write(b"\x17\x03\x03\x00\x20" + b"x" * 32)  # type: ignore[attr-defined]
        await asyncio.sleep(0.1)

    async def scene() -> Fetched:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(OUTLET)
        settings = FetchSettings(allow_private=("127.0.0.1",))
        async with Press(tls=server) as press, Fetcher(settings) as fetcher:
            url = press.serve("/", garbage)
            return await fetcher.fetch(url, manner=Manner(tls_verify=False))

    found = asyncio.run(scene())
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.RESET


def test_what_one_outlets_file_says_holds_for_no_other() -> None:
    async def scene() -> tuple[Fetched, Fetched]:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(OUTLET)
        settings = FetchSettings(allow_private=("127.0.0.1",))
        async with Press(tls=server) as press, Fetcher(settings) as fetcher:
            url = press.serve("/", Answer(body="ok"))
            trusting = await fetcher.fetch(url, manner=Manner(tls_verify=False))
            return trusting, await fetcher.fetch(url)

    trusting, careful = asyncio.run(scene())
    assert isinstance(trusting, Page)
    assert isinstance(careful, Failure)
