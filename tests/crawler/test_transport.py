import asyncio
from collections.abc import Sequence

import httpcore
import pytest

from crawler.errors import ForbiddenAddressError, NameLookupError
from crawler.fetch import Fetcher, FetchSettings, Manner
from crawler.page import Failure, FailureKind, Page
from crawler.transport import GuardedBackend, checked_addresses
from tests.crawler.hostile import OPEN, Answer, Press


class Names:
    """A resolver whose answers are written down; a list is given one answer at a time."""

    def __init__(self, answers: dict[str, list[Sequence[str]]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self._answers.get(host)
        if answers is None:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]


def check(host: str, names: dict[str, list[Sequence[str]]]) -> tuple[str, ...]:
    return asyncio.run(checked_addresses(host, 80, resolver=Names(names)))


def test_one_forbidden_address_among_good_ones_refuses_the_name() -> None:
    with pytest.raises(ForbiddenAddressError, match=r"mixed\.ir points at .* 10\.0\.0\.1"):
        check("mixed.ir", {"mixed.ir": [("185.1.2.3", "10.0.0.1")]})


def test_every_address_of_a_good_name_is_returned() -> None:
    assert check("good.ir", {"good.ir": [("185.1.2.3", "2a01::1")]}) == ("185.1.2.3", "2a01::1")


def test_a_scoped_link_local_address_is_refused() -> None:
    with pytest.raises(ForbiddenAddressError):
        check("link.ir", {"link.ir": [("fe80::1%2",)]})


@pytest.mark.parametrize("names", [{}, {"gone.ir": [()]}])
def test_a_name_without_address_is_a_look_up_error(names: dict[str, list[Sequence[str]]]) -> None:
    with pytest.raises(NameLookupError, match=r"gone\.ir"):
        check("gone.ir", names)


def test_a_numeric_host_is_never_looked_up() -> None:
    names = Names({})
    with pytest.raises(ForbiddenAddressError):
        asyncio.run(checked_addresses("0x7f.1", 80, resolver=names))
    assert names.asked == []


def test_a_name_that_turns_private_after_the_first_request_is_refused() -> None:
    names = Names({"turns.ir": [("127.0.0.1",), ("10.0.0.1",)]})

    async def scene() -> tuple[object, object, list[str]]:
        async with Press() as press, Fetcher(OPEN, resolver=names) as fetcher:
            press.serve("/*", Answer(headers={"Connection": "close"}, body="ok"))
            url = f"http://turns.ir:{press.port}/"
            return await fetcher.fetch(url), await fetcher.fetch(url), press.paths()

    first, second, seen = asyncio.run(scene())
    assert isinstance(first, Page)
    assert isinstance(second, Failure)
    assert second.kind is FailureKind.FORBIDDEN_ADDRESS
    assert seen == ["/"]


def test_the_connection_goes_to_the_checked_address_and_the_host_header_keeps_the_name() -> None:
    names = Names({"paper.ir": [("127.0.0.1",)]})

    async def scene() -> tuple[list[str], str]:
        async with Press() as press, Fetcher(OPEN, resolver=names) as fetcher:
            press.serve("/", Answer(body="ok"))
            await fetcher.fetch(f"http://paper.ir:{press.port}/")
            return names.asked, press.seen[0].headers["host"].split(":")[0]

    assert asyncio.run(scene()) == (["paper.ir"], "paper.ir")


def test_an_address_that_does_not_answer_leaves_the_next_one_to_try() -> None:
    both = FetchSettings(allow_private=("127.0.0.1", "::1"))
    names = Names({"two.ir": [("::1", "127.0.0.1")]})

    async def scene() -> object:
        async with Press() as press, Fetcher(both, resolver=names) as fetcher:
            press.serve("/", Answer(body="ok"))
            return await fetcher.fetch(f"http://two.ir:{press.port}/")

    assert isinstance(asyncio.run(scene()), Page)


def test_the_systems_own_names_are_resolved_and_checked() -> None:
    both = FetchSettings(allow_private=("127.0.0.1", "::1"))

    async def scene() -> tuple[object, object]:
        async with Press() as press, Fetcher(both) as opened, Fetcher(FetchSettings()) as shut:
            press.serve("/", Answer(body="ok"))
            url = f"http://localhost:{press.port}/"
            return await opened.fetch(url), await shut.fetch(url)

    found, refused = asyncio.run(scene())
    assert isinstance(found, Page)
    assert isinstance(refused, Failure)
    assert "localhost points at a forbidden address" in refused.detail


def test_a_name_no_system_knows_is_a_failure_of_names() -> None:
    async def scene() -> object:
        async with Fetcher(FetchSettings()) as fetcher:
            return await fetcher.fetch("http://no-such-name.invalid/")

    found = asyncio.run(scene())
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.DNS


def test_local_sockets_are_refused() -> None:
    async def scene() -> httpcore.AsyncNetworkStream:
        backend = GuardedBackend(allow=(), resolver=Names({}))
        await backend.sleep(0)
        return await backend.connect_unix_socket("/run/docker.sock")

    with pytest.raises(ForbiddenAddressError, match="local socket"):
        asyncio.run(scene())


def test_connections_opened_for_one_outlet_are_not_lent_to_another() -> None:
    shut = FetchSettings()

    async def scene() -> tuple[object, object]:
        async with Press() as press, Fetcher(shut) as fetcher:
            url = press.serve("/", Answer(body="ok"))
            opened = await fetcher.fetch(url, manner=Manner(allow_private=("127.0.0.1",)))
            return opened, await fetcher.fetch(url)

    opened, plain = asyncio.run(scene())
    assert isinstance(opened, Page)
    assert isinstance(plain, Failure)
    assert plain.permanent
