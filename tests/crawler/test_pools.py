import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from crawler.guard import networks
from crawler.transport import GuardedTransport, trust

KEEP_SECONDS = 0.2
NETWORKS = networks(["127.0.0.0/8"])


class Host:
    """A host that keeps its connections open and counts them; it may pause amid its answers."""

    def __init__(self) -> None:
        self.opened = 0
        self.open = 0
        self.all_closed = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        finally:
            server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.open += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
                await self.may_go_on.wait()
                writer.write(b"cd")
        except asyncio.IncompleteReadError:
            pass
        finally:
            self.open -= 1
            if not self.open:
                self.all_closed.set()
            writer.close()


@asynccontextmanager
async def client(keep_seconds: float) -> AsyncIterator[httpx.AsyncClient]:
    transport = GuardedTransport(
        allow=NETWORKS, ssl_context=trust(), keep_alive_seconds=keep_seconds
    )
    async with httpx.AsyncClient(transport=transport) as opened:
        yield opened


def test_a_host_that_is_asked_again_is_asked_over_the_same_connection() -> None:
    async def scene() -> int:
        host = Host()
        async with host.serving() as url, client(60) as asking:
            for _ in range(3):
                assert (await asking.get(url)).text == "abcd"
            return host.opened

    assert asyncio.run(scene()) == 1


def test_the_connection_of_a_host_unasked_for_a_while_is_closed_when_another_is_asked() -> None:
    async def scene() -> None:
        left, other = Host(), Host()
        async with left.serving() as one, other.serving() as two, client(KEEP_SECONDS) as asking:
            await asking.get(one)
            assert left.open == 1
            await asyncio.sleep(2 * KEEP_SECONDS)
            await asking.get(two)
            async with asyncio.timeout(30):
                await left.all_closed.wait()

    asyncio.run(scene())


def test_an_answer_that_is_still_being_read_keeps_its_connection() -> None:
    async def scene() -> str:
        slow, other = Host(), Host()
        slow.may_go_on.clear()
        async with (
            slow.serving() as one,
            other.serving() as two,
            client(KEEP_SECONDS) as asking,
            asking.stream("GET", one) as answer,
        ):
            await asyncio.sleep(2 * KEEP_SECONDS)
            await asking.get(two)
            slow.may_go_on.set()
            return (await answer.aread()).decode()

    assert asyncio.run(scene()) == "abcd"


def test_closing_the_client_closes_the_connections_of_every_host() -> None:
    async def scene() -> None:
        hosts = [Host(), Host()]
        async with hosts[0].serving() as one, hosts[1].serving() as two:
            async with client(60) as asking:
                await asking.get(one)
                await asking.get(two)
            async with asyncio.timeout(30):
                for host in hosts:
                    await host.all_closed.wait()

    asyncio.run(scene())
