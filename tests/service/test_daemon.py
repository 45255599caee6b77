"""The daemon at work on the simulated press, its ticks, and how it stops."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from service.daemon import Daemon, at_work
from service.demo.watch import delivered
from service.engine import Engine, EngineOptions
from service.errors import PortBusyError
from service.house import House, Reach, reaching
from service.reports import DeliveryReport, VisitReport
from service.settings import WebSettings
from service.web.app import create_app
from service.web.server import serving, take_address
from service.work import Work
from storage import ledger, workers
from storage.deliveries import retry
from storage.ledger import find_delivery
from storage.outlet_states import due_outlets, enrol, get_state
from tests.service.conftest import Played, visit_all


def test_the_daemon_visits_sends_and_serves_until_it_is_stopped(fresh: Played) -> None:
    told: list[VisitReport | DeliveryReport] = []

    async def scenario() -> None:
        taken = take_address(WebSettings(port=0))
        async with (
            serving(create_app(fresh.house), taken) as url,
            at_work(fresh.house, told.append, drain_seconds=5),
            httpx.AsyncClient(base_url=url) as web,
        ):
            async with asyncio.timeout(60):
                while len(delivered(fresh.setup.inbox, fresh.setup.receiver)) < 20:
                    await asyncio.sleep(0.2)
            assert (await web.get("/readyz")).status_code == 200
            assert len((await web.get("/api/v1/stories")).json()) > 5

    asyncio.run(scenario())
    visits = [one for one in told if isinstance(one, VisitReport)]
    sent = [one for one in told if isinstance(one, DeliveryReport)]
    assert sum(one.new for one in visits) > 20
    assert {one.state for one in sent} == {"sent"}
    assert any("email to" in one.line() for one in sent)
    with fresh.house.database.read() as connection:
        assert workers.all_workers(connection) == []


def test_an_outlet_whose_slot_is_stuck_gets_another(fresh: Played) -> None:
    """A slot still due long after its workflow ended would leave the outlet silent for ever."""
    house = fresh.house

    async def scenario() -> None:
        async with _engine(fresh) as (_, engine, reach):
            with house.database.read() as connection:
                (slot,) = due_outlets(connection, house.clock(), 1)
            await engine.enqueue_visit("left-the-catalogue", host="h", slot=slot.name)
            async with asyncio.timeout(20):
                while not (await engine.standing([slot.name])).get(slot.name):
                    await asyncio.sleep(0.1)
            late_at = house.clock() + timedelta(minutes=5)
            late = Daemon(replace(house, clock=lambda: late_at), engine, reach)
            await late.tick_visits()
            with house.database.read() as connection:
                assert get_state(connection, slot.outlet_id).next_visit_at != slot.due_at

    asyncio.run(scenario())


def test_a_delivery_retried_by_hand_is_sent_again_with_its_id(fresh: Played) -> None:
    """Its earlier turn has ended in the engine; the retry must be a turn of its own."""
    house, inbox = fresh.house, fresh.setup.inbox

    async def scenario() -> None:
        async with at_work(house, lambda _report: None, drain_seconds=5):
            async with asyncio.timeout(60):
                while not inbox.messages:
                    await asyncio.sleep(0.2)
            mail = inbox.messages[0]
            identity = mail.message_id.strip("<>").partition("@")[0]
            async with asyncio.timeout(30):
                while not _retried(house, identity):
                    await asyncio.sleep(0.2)
            async with asyncio.timeout(30):
                while [one.message_id for one in inbox.messages].count(mail.message_id) < 2:
                    await asyncio.sleep(0.2)

    asyncio.run(scenario())


def _retried(house: House, identity: str) -> bool:
    """Retry by hand; False while the first attempt is still being written down."""
    with house.database.write() as connection:
        return retry(connection, identity, now=house.clock())


def test_a_lane_whose_round_ended_without_an_attempt_gets_another(fresh: Played) -> None:
    house = fresh.house
    asyncio.run(visit_all(house))
    with house.database.read() as connection:
        (first, *_) = ledger.lanes(connection, house.clock())

    async def scenario() -> None:
        async with _engine(fresh) as (_, engine, reach):
            await engine.enqueue_delivery("rcp_nobody", turn=first.turn)
            async with asyncio.timeout(20):
                while not (await engine.standing([first.turn])).get(first.turn):
                    await asyncio.sleep(0.1)
            late_at = house.clock() + timedelta(minutes=5)
            late = Daemon(replace(house, clock=lambda: late_at), engine, reach)
            await late.tick_deliveries()
            with house.database.read() as connection:
                found = find_delivery(connection, first.id)
            assert found is not None
            assert found.next_attempt_at != first.due_at

    asyncio.run(scenario())


def test_a_silent_workers_work_is_adopted(fresh: Played) -> None:
    house = fresh.house
    dead = workers.Worker(
        id="dead",
        machine="m",
        process=1,
        started_at=house.clock(),
        beat_at=house.clock() - timedelta(minutes=5),
    )
    with house.database.write() as connection:
        workers.beat(connection, dead)

    async def scenario() -> None:
        async with _engine(fresh) as (daemon, *_):
            await daemon.beat()

    asyncio.run(scenario())
    with house.database.read() as connection:
        known = {one.id: one for one in workers.all_workers(connection)}
    assert known["dead"].adopted_by == house.settings.worker.id


def test_a_visit_that_fails_by_a_fault_of_ours_is_told_and_tried_again(fresh: Played) -> None:
    told: list[VisitReport | DeliveryReport] = []
    house = fresh.house
    with house.database.write() as connection:
        enrol(connection, house.outlets.keys(), now=house.clock())

    async def scenario() -> dict[str, object]:
        async with reaching(house) as reach:
            broken = replace(reach, fetcher=None)  # type: ignore[arg-type]  # the fault
            return await Work(house, broken, told.append).visit("nazirkerman", "visit-x")

    report = asyncio.run(scenario())
    assert "a fault of ours" in str(report["failure"])
    assert len(told) == 1
    with house.database.read() as connection:
        state = get_state(connection, "nazirkerman")
    assert state.next_visit_at is not None
    assert state.next_visit_at > house.clock() + timedelta(minutes=9)


def test_a_port_in_use_is_told_before_anything_starts() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusyError, match="another program listens there"):
            take_address(WebSettings(port=port))


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(PortBusyError, match="cannot listen there"):
        take_address(WebSettings(host="192.0.2.1"))


@asynccontextmanager
async def _engine(played: Played) -> AsyncIterator[tuple[Daemon, Engine, Reach]]:
    """A daemon and its engine that tick only when the test says so."""
    house = played.house
    options = EngineOptions(database_url=house.settings.engine_url, worker_id="t", polling=0.05)
    async with reaching(house) as reach:
        engine = Engine(options, Work(house, reach, lambda _report: None))
        await engine.start()
        daemon = Daemon(house, engine, reach)
        daemon.enrol()
        yield daemon, engine, reach
        await engine.stop(drain_seconds=2)
