"""Keep the house at work: tick what is due into the engine, say that we live, adopt the dead.

APScheduler's one importer. It only ticks, in memory: what is due stands in the archive, so a tick
that is lost or repeated harms nothing.
"""

import asyncio
import gc
import os
import platform
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from service import websub
from service.digests import make_digests
from service.engine import Engine, EngineOptions
from service.house import House, Reach, reaching
from service.pulse import felt
from service.work import Listener, Work
from storage import ledger, outlet_states, workers
from storage.deliveries import renew_turn
from storage.delivery import Due
from storage.errors import StorageError
from storage.outlet_states import Slot
from storage.retention import Retention, forget_old

#: What is due beyond these waits for a later tick; more than an hour's visits of the largest house.
DUE_AT_ONCE: Final = 10_000
#: How many of the due one tick asks the engine about, so that after an outage ticks stay short.
ASKED_A_TICK: Final = 1_000
#: What is still due this long after its workflow ended is stuck and gets another turn.
STUCK_AFTER: Final = timedelta(minutes=2)
ENGINE_KEEPS: Final = timedelta(days=2)
TIDY_EVERY: Final = timedelta(minutes=10)
#: How long ticks that run may take to end when the daemon stops.
LAST_TICKS: Final = timedelta(seconds=10)
#: How often the clock is looked at, and by how much it must have moved to have been set.
LOOK_AT_CLOCK: Final = timedelta(seconds=1)
CLOCK_SET: Final = timedelta(seconds=30)
DIGESTS_EVERY: Final = timedelta(seconds=30)

log: Final = structlog.get_logger("rasad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a tick does with what is due: hand in what the engine lacks, renew what is stuck."""

    absent: tuple[str, ...]
    stuck: tuple[str, ...]


class Daemon:
    """One process at work. Every tick may fail without harm: the next one does its work."""

    def __init__(self, house: House, engine: Engine, reach: Reach) -> None:
        self._house = house
        self._engine = engine
        self._reach = reach
        self._started_at = house.clock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._ticking: set[asyncio.Task[None]] = set()
        self._rounds: dict[str, str] = {}  # the turn of every lane that we know to be on its way
        self._minding: asyncio.Task[None] | None = None
        self._offered: set[str] = set()  # the slots that we know the engine to hold

    async def mind_the_clock(self) -> None:
        """Notice when the clock is set, and tick at once.

        The scheduler waits for an hour of the clock; one that was set back would stop every tick
        for as long, the heartbeat too.
        """
        loop = asyncio.get_running_loop()
        told_at, felt_at = self._house.clock(), loop.time()
        while True:
            await asyncio.sleep(LOOK_AT_CLOCK.total_seconds())
            now, felt_now = self._house.clock(), loop.time()
            set_by = (now - told_at) - timedelta(seconds=felt_now - felt_at)
            told_at, felt_at = now, felt_now
            if abs(set_by) > CLOCK_SET:
                log.warning("the clock was set", by_seconds=round(set_by.total_seconds()))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(self._scheduler.timezone))

    def enrol(self) -> None:
        """Make the catalogue's outlets the ones that are visited."""
        now = self._house.clock()
        with self._house.database.write() as connection:
            outlet_states.enrol(connection, self._house.outlets.keys(), now=now)
        websub.review(self._house)

    async def start(self) -> None:
        """Enrol the outlets, and begin to tick, the first time at once."""
        await asyncio.to_thread(self.enrol)
        settings = self._house.settings
        self._every(timedelta(seconds=settings.crawl.tick_seconds), self.tick_visits)
        self._every(timedelta(seconds=settings.alerts.tick_seconds), self.tick_deliveries)
        self._every(timedelta(seconds=settings.worker.heartbeat_seconds), self.beat)
        self._every(DIGESTS_EVERY, self.tick_digests)
        self._every(timedelta(seconds=settings.crawl.tick_seconds), self.tick_hubs)
        self._every(TIDY_EVERY, self.tidy)
        self._scheduler.start()
        self._minding = asyncio.create_task(self.mind_the_clock())

    async def stop(self) -> None:
        """Stop ticking, let the ticks that run end, and leave the list of the living."""
        self._scheduler.pause()
        if self._minding is not None:
            self._minding.cancel()
        await asyncio.sleep(0)
        if self._ticking:
            await asyncio.wait(self._ticking, timeout=LAST_TICKS.total_seconds())
        self._scheduler.shutdown(wait=False)
        await asyncio.to_thread(self._leave)

    async def tick_visits(self) -> None:
        """Enqueue every slot that is due; give a stuck outlet another slot."""
        await asyncio.to_thread(websub.hasten, self._house)
        slots = {one.name: one for one in await asyncio.to_thread(self._due_outlets)}
        offer = await self._offer(slots)
        for name in offer.absent:
            outlet = self._house.outlets.get(slots[name].outlet_id)
            if outlet is not None:
                await self._engine.enqueue_visit(outlet.id, host=outlet.host, slot=name)
                self._offered.add(name)
        for name in offer.stuck:
            log.warning("a slot was stuck; the outlet gets another", slot=name)
            await asyncio.to_thread(self._new_slot, slots[name])

    async def _offer(self, due: Mapping[str, Slot]) -> Offer:
        """Say which of the due the engine must be given, asking only about those it may lack.

        What was offered before waits its turn there; after a while it is asked about again.
        """
        late = self._house.clock() - STUCK_AFTER
        fresh = [name for name in due if name not in self._offered]
        again = [name for name in due if name in self._offered and due[name].due_at < late]
        asked = (fresh + again)[:ASKED_A_TICK]
        standing = await self._engine.standing(asked)
        self._offered = (self._offered & due.keys()) | standing.keys()
        return Offer(
            absent=tuple(name for name in asked if name not in standing),
            stuck=tuple(name for name in standing if standing[name] and due[name].due_at < late),
        )

    async def tick_deliveries(self) -> None:
        """Enqueue a round for every lane in which something is due and none of ours is on its way.

        A round that ended and left the very message that named it would never run again under that
        name; the message gets another turn.
        """
        ended = await self._ended([*self._rounds.values()])
        self._rounds = {lane: turn for lane, turn in self._rounds.items() if turn not in ended}
        firsts = await asyncio.to_thread(self._due_lanes)
        idle = {first.turn: first for first in firsts if first.lane not in self._rounds}
        for turn, first in idle.items():
            await self._engine.enqueue_delivery(first.lane, turn=turn)
            self._rounds[first.lane] = turn
        late = self._house.clock() - STUCK_AFTER
        stuck = [turn for turn, first in idle.items() if first.due_at < late]
        for turn in await self._ended(stuck):
            log.warning("a round ended and left its first message; it gets another", turn=turn)
            await asyncio.to_thread(self._new_turn, idle[turn])

    async def _ended(self, turns: Sequence[str]) -> set[str]:
        standing = await self._engine.standing(turns)
        return {turn for turn, is_over in standing.items() if is_over}

    async def tick_digests(self) -> None:
        """Owe every digest whose time has come."""
        made = await asyncio.to_thread(make_digests, self._house)
        if made:
            log.info("digests made", count=len(made))

    async def tick_hubs(self) -> None:
        """Ask the hubs that are due to be asked to tell us of news."""
        await websub.tend(self._house, self._reach)

    async def beat(self) -> None:
        """Say that we live, and adopt the work of workers that have fallen silent."""
        for worker_id in await asyncio.to_thread(self._beat):
            adopted = await self._engine.adopt(worker_id)
            log.warning("adopted a silent worker's work", worker=worker_id, pending=adopted)

    async def tidy(self) -> None:
        """Delete what the engine keeps of work long done, and what the archive need not keep."""
        now = self._house.clock()
        await self._engine.tidy(before=now - ENGINE_KEEPS)
        settings = self._house.settings
        keeps = Retention(
            pages=timedelta(days=settings.pages.retention_days),
            audit=timedelta(days=settings.audit.retention_days),
        )
        await asyncio.to_thread(forget_old, self._house.database, self._house.pages, keeps, now=now)

    def _leave(self) -> None:
        with self._house.database.write() as connection:
            workers.leave(connection, self._house.settings.worker.id)

    def _every(self, pause: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        self._scheduler.add_job(
            self._surviving(job),
            "interval",
            seconds=pause.total_seconds(),
            next_run_time=datetime.now(self._scheduler.timezone),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def _surviving(self, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Let a tick fail aloud: the archive may be away for a while; the next tick tries again."""

        async def tick() -> None:
            task = asyncio.current_task()
            if task is not None:
                self._ticking.add(task)
                task.add_done_callback(self._ticking.discard)
            try:
                with self._house.spans.span("tick", job=job.__name__):
                    await job()
            except StorageError as error:
                log.warning("a tick failed and is repeated", tick=job.__name__, why=str(error))
            except Exception:
                log.exception("a tick failed and is repeated", tick=job.__name__)

        return tick

    def _due_outlets(self) -> tuple[Slot, ...]:
        with self._house.database.read() as connection:
            return outlet_states.due_outlets(connection, self._house.clock(), DUE_AT_ONCE)

    def _due_lanes(self) -> tuple[Due, ...]:
        with self._house.database.read() as connection:
            return ledger.lanes(connection, self._house.clock())

    def _new_turn(self, due: Due) -> None:
        with self._house.database.write() as connection:
            renew_turn(connection, due, now=self._house.clock())

    def _new_slot(self, slot: Slot) -> None:
        """Renew a slot that still stands; one whose visit ended meanwhile has its own next one."""
        with self._house.database.write() as connection:
            outlet_states.claim(connection, slot, until=self._house.clock())

    def _beat(self) -> list[str]:
        settings = self._house.settings.worker
        with self._house.database.write() as connection:
            now = workers.shared_now(connection, self._house.clock())
            worker = workers.Worker(
                id=settings.id,
                machine=platform.node(),
                process=os.getpid(),
                started_at=self._started_at,
                beat_at=now,
            )
            if workers.beat(connection, worker):
                log.warning("another worker has taken over what we had begun", worker=worker.id)
            silent_since = now - timedelta(seconds=settings.adopt_after_seconds)
            return workers.claim_silent(connection, before=silent_since, by=worker.id)


@asynccontextmanager
async def at_work(
    house: House, listen: Listener, *, drain_seconds: int = 25
) -> AsyncIterator[None]:
    """Work for as long as the block lasts; at its end let running jobs drain."""
    async with reaching(house) as reach:
        settings = house.settings
        options = EngineOptions(
            database_url=settings.engine_url,
            worker_id=settings.worker.id,
            hosts_at_once=settings.crawl.hosts_at_once,
            polling=min(0.5, settings.crawl.tick_seconds, settings.alerts.tick_seconds),
        )
        work = Work(house, reach, listen)
        engine = Engine(options, work)
        gc.freeze()  # what stands by now, thousands of outlets say, no collection need walk again
        await engine.start()
        daemon = Daemon(house, engine, reach)
        await daemon.start()
        try:
            async with felt():
                yield
        finally:
            await daemon.stop()
            work.stop()
            await engine.stop(drain_seconds=drain_seconds)
