"""An HTTP transport that connects only to addresses the guard has checked.

Every name is resolved here, EVERY address it has is checked, and the connection goes to a checked
one: a name that changes its mind between check and connection (rebinding) gains nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import takewhile
from typing import Final

import httpcore
import httpx

from crawler.errors import (
    CertificateError,
    ConnectionRefused,
    ConnectionReset,
    ForbiddenAddressError,
    NameLookupError,
    RequestError,
    TookTooLong,
)
from crawler.guard import Network, literal_address, why_forbidden

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
SocketOptions = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]

CONNECT_SECONDS: Final = 10.0
KEEP_ALIVE_SECONDS: Final = 20.0  # longer than the usual pause between two requests to a host
MAX_CONNECTIONS: Final = 100  # to one origin; the callers bound how many origins are asked at once
# Look-ups of dead names block their thread for many seconds; in the loop's own pool they would hold
# up the archive's work too.
_LOOK_UPS: Final = ThreadPoolExecutor(max_workers=16, thread_name_prefix="name-look-up")


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system for every address of `host`, in its order, each once."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_LOOK_UPS, _addresses, host, port)


def _addresses(host: str, port: int) -> tuple[str, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


async def checked_addresses(
    host: str, port: int, *, allow: Sequence[Network] = (), resolver: Resolver = system_resolver
) -> tuple[str, ...]:
    """Resolve `host` and return its addresses; raise when one of them is forbidden.

    Raises ForbiddenAddressError and NameLookupError.
    """
    literal = literal_address(host)
    addresses = (str(literal),) if literal else await _look_up(host, port, resolver)
    for address in addresses:
        why = why_forbidden(address.split("%", 1)[0], allow)
        if why:
            raise ForbiddenAddressError(f"{host} points at a forbidden address: {why}")
    return addresses


async def _look_up(host: str, port: int, resolver: Resolver) -> tuple[str, ...]:
    try:
        addresses = tuple(await resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise NameLookupError(f"the name {host} does not resolve ({error})") from error
    if not addresses:
        raise NameLookupError(f"the name {host} has no address")
    return addresses


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to checked addresses only."""

    def __init__(self, *, allow: Sequence[Network], resolver: Resolver) -> None:
        self._allow = allow
        self._resolver = resolver
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address of `host` that answers."""
        addresses = await checked_addresses(host, port, allow=self._allow, resolver=self._resolver)
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - httpcore's own signature
        socket_options: SocketOptions | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no outlet and no subscriber lives in a file."""
        raise ForbiddenAddressError(f"{path} is a local socket")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its own retries."""
        await self._network.sleep(seconds)


class _Pools:
    """A pool of guarded connections for every origin, let go when it has been idle for a while.

    At every request httpcore looks at each connection of a pool, for each connection of that pool:
    with one pool for a hundred outlets that stopped the loop for 100 to 360 ms, again and again.
    """

    def __init__(
        self, make: Callable[[], httpcore.AsyncConnectionPool], *, keep_seconds: float
    ) -> None:
        self._make = make
        self._keep_seconds = keep_seconds
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}
        self._used_at: dict[str, float] = {}  # by origin, the longest unused first

    async def of(self, url: httpcore.URL) -> httpcore.AsyncConnectionPool:
        """Return the pool of the URL's origin."""
        name, now = str(url.origin), asyncio.get_running_loop().time()
        if name not in self._pools:
            self._pools[name] = self._make()
        self._used_at.pop(name, None)
        self._used_at[name] = now
        await self._let_go(before=now - self._keep_seconds)
        return self._pools[name]

    async def _let_go(self, *, before: float) -> None:
        unused = [*takewhile(lambda name: self._used_at[name] < before, self._used_at)]
        idle = [name for name in unused if _is_idle(self._pools[name])]
        for pool in [self._forget(name) for name in idle]:
            await pool.aclose()

    def _forget(self, name: str) -> httpcore.AsyncConnectionPool:
        del self._used_at[name]
        return self._pools.pop(name)

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in [self._forget(name) for name in [*self._pools]]:
            await pool.aclose()


def _is_idle(pool: httpcore.AsyncConnectionPool) -> bool:
    return all(one.is_idle() or one.is_closed() for one in pool.connections)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Carries httpx requests over pools of guarded connections; raises RequestError only."""

    def __init__(
        self,
        *,
        allow: Sequence[Network] = (),
        ssl_context: ssl.SSLContext,
        resolver: Resolver = system_resolver,
        keep_alive_seconds: float = KEEP_ALIVE_SECONDS,
    ) -> None:
        backend = GuardedBackend(allow=allow, resolver=resolver)
        self._pools = _Pools(
            lambda: httpcore.AsyncConnectionPool(
                ssl_context=ssl_context,
                max_connections=MAX_CONNECTIONS,
                keepalive_expiry=keep_alive_seconds,
                network_backend=backend,
            ),
            keep_seconds=keep_alive_seconds,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; its body streams, its errors are ours."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        pool = await self._pools.of(url)
        with mapped_errors(str(request.url)):
            answer = await pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream, str(request.url)),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pools.aclose()


class _Body(httpx.AsyncByteStream):
    """A response's bytes, with httpcore's errors turned into ours."""

    def __init__(self, stream: object, url: str) -> None:
        self._stream = stream
        self._url = url

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with mapped_errors(self._url):
            async for chunk in self._stream:  # type: ignore[attr-defined]  # httpcore types it loosely
                yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()  # type: ignore[attr-defined]  # httpcore types it loosely


@contextmanager
def mapped_errors(url: str) -> Iterator[None]:
    """Turn httpcore's errors into RequestError, the one edge where that happens."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TookTooLong(f"{url} did not answer in time") from error
    except httpcore.ConnectError as error:
        raise _connect_error(error, url) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        # OSError: a TLS stream that breaks in the middle comes through httpcore as it is
        raise ConnectionReset(f"{url} ended the connection early ({error})") from error
    except httpcore.UnsupportedProtocol as error:
        raise ConnectionReset(f"{url} is not http or https") from error


def _connect_error(error: BaseException, url: str) -> RequestError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return CertificateError(f"{url} has no valid certificate ({cause})")
        cause = cause.__cause__ or cause.__context__
    return ConnectionRefused(f"{url} refuses connections ({error})")


def trust(*, verify: bool = True, extra_authorities: Sequence[str] = ()) -> ssl.SSLContext:
    """Make the TLS context: the usual authorities and further certificate files.

    `extra_authorities` are PEM files; an intermediate that a server forgets to send is found there.
    """
    context = httpx.create_ssl_context(verify=verify, trust_env=False)
    for path in extra_authorities:
        context.load_verify_locations(path)
    return context


def guarded_client(
    *,
    allow: Sequence[Network] = (),
    ssl_context: ssl.SSLContext | None = None,
    resolver: Resolver = system_resolver,
) -> httpx.AsyncClient:
    """Make a client that is guarded, follows no redirect, keeps no cookie, reads no environment."""
    return httpx.AsyncClient(
        transport=GuardedTransport(
            allow=allow, ssl_context=ssl_context or trust(), resolver=resolver
        ),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
    )
