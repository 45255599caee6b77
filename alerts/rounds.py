"""Go a round: send what one lane is owed, several at a time, until nothing is due or time is up.

Every message keeps its own row in the ledger: it is claimed before it is sent and recorded after,
and only the transactions are shared. A round that was killed is gone again under the same name and
begins with what it had in hand, each message under its own id.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from alerts.attempt import Attempted, Postman
from alerts.settle import Settlement
from storage.delivery import Claimed
from storage.errors import StorageError

#: After this a round takes nothing more; the next tick owes another.
LIMIT: Final = timedelta(minutes=10)

#: Pauses in seconds while the archive is away: what was sent must be written down before its lease
#: ends, or it is sent again.
AWAY: Final = (0.5, 1, 2, 4, 8, 15, 30, 60)

Listener = Callable[[Claimed, Settlement], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is and under what name.

    `at_once` messages are on their way at the same time, `ahead` are claimed in one transaction.
    """

    lane: str
    name: str
    at_once: int = 1
    ahead: int = 4
    limit: timedelta = LIMIT


class Round:
    """One round through one lane; `go` is called once."""

    def __init__(
        self, postman: Postman, turn: Turn, *, listen: Listener, is_stopping: Callable[[], bool]
    ) -> None:
        self._postman = postman
        self._turn = turn
        self._listen = listen
        self._is_stopping = is_stopping
        self._began_at = self._claimed_at = postman.clock()
        self._ready: deque[Claimed] = deque()
        self._refilling = asyncio.Lock()
        self._tried: list[Attempted] = []
        self._has_tried = asyncio.Event()
        self._is_over = False
        self._count: Counter[str] = Counter()

    async def go(self) -> Counter[str]:
        """Go the round; return how many settlements of each kind there were."""
        again = await _patiently(lambda: self._postman.take_up_again(self._turn.name))
        self._ready.extend(again)
        async with asyncio.TaskGroup() as group:
            books = group.create_task(self._keep_books())
            senders = [group.create_task(self._send()) for _ in range(self._turn.at_once)]
            await asyncio.wait(senders)
            self._is_over = True
            self._has_tried.set()
            await books
        if self._ready:
            left = [one.delivery.id for one in self._ready]
            await _patiently(lambda: self._postman.give_back(left))
        return self._count

    async def _send(self) -> None:
        while (claimed := await self._next()) is not None:
            outcome = await self._postman.deliver(claimed)
            self._tried.append(Attempted(claimed, outcome))
            self._has_tried.set()

    async def _next(self) -> Claimed | None:
        """Return the next message to send; one that waited too long in our hands is given back."""
        async with self._refilling:
            now = self._postman.clock()
            if self._is_over or self._is_stopping():
                return None
            if not self._ready and now - self._began_at < self._turn.limit:
                await self._refill()
            elif now - self._claimed_at > self._postman.lease / 2:
                self._is_over = True
            return self._ready.popleft() if self._ready and not self._is_over else None

    async def _refill(self) -> None:
        turn = self._turn
        taken = await _patiently(
            lambda: self._postman.take(turn.lane, turn.ahead, claimant=turn.name)
        )
        self._claimed_at = self._postman.clock()
        self._ready.extend(taken)

    async def _keep_books(self) -> None:
        """Write down what was tried, as much at a time as has come together meanwhile."""
        while not (self._is_over and not self._tried):
            await self._has_tried.wait()
            self._has_tried.clear()
            tried, self._tried = self._tried, []
            if tried:
                await self._settle(tried)

    async def _settle(self, tried: Sequence[Attempted]) -> None:
        settled = await _patiently(lambda: self._postman.settle(tried))
        for one, settlement in zip(tried, settled, strict=True):
            self._count[type(settlement).__name__] += 1
            self._listen(one.claimed, settlement)


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the archive; while it is away, wait and ask again."""
    for pause in AWAY:
        try:
            return await ask()
        except StorageError as error:
            if error.permanent:
                raise
            await asyncio.sleep(pause)
    return await ask()
