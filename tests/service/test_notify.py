"""Telling systemd, over a real socket; and the unit that makes systemd listen."""

import asyncio
import os
import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from service.cli.main import COMMANDS
from service.notify import ALIVE, READY, STOPPING, notifying, tell, watchdog
from service.settings import load_settings
from tests.service.systemd import heard

UNIT = Path(__file__).parents[2] / "docs" / "deploy" / "rasad.service"


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(0)
        yield listening


def test_systemd_hears_that_we_are_ready_alive_and_stopping(systemd: socket.socket) -> None:
    environment = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "60000"}

    async def scenario() -> list[str]:
        words: list[str] = []
        async with notifying(environment):
            async with asyncio.timeout(20):
                while words.count(ALIVE) < 4:
                    await asyncio.sleep(0.01)
                    words += heard(systemd)
        return words

    words = asyncio.run(scenario())
    assert words[0] == READY
    assert set(words[1:]) == {ALIVE}
    assert [word for word in heard(systemd) if word != ALIVE] == [STOPPING]


def test_an_event_loop_that_hangs_gives_no_sign_of_life(systemd: socket.socket) -> None:
    """The watchdog is worth something only if it falls silent with the work."""
    environment = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "30000"}

    async def scenario() -> list[str]:
        async with notifying(environment):
            await asyncio.sleep(0.02)
            heard(systemd)
            await asyncio.sleep(0)
            heard(systemd)
            _hang(0.2)
            return heard(systemd)

    assert asyncio.run(scenario()) == []


def _hang(seconds: float) -> None:
    time.sleep(seconds)


def test_without_a_watchdog_only_the_beginning_and_the_end_are_told(
    systemd: socket.socket,
) -> None:
    async def scenario() -> None:
        async with notifying({"NOTIFY_SOCKET": systemd.getsockname()}):
            await asyncio.sleep(0.05)

    asyncio.run(scenario())
    assert heard(systemd) == [READY, STOPPING]


def test_stopping_is_told_when_the_work_fails_too(systemd: socket.socket) -> None:
    async def scenario() -> None:
        async with notifying({"NOTIFY_SOCKET": systemd.getsockname()}):
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(scenario())
    assert heard(systemd) == [READY, STOPPING]


def test_an_abstract_socket_is_understood() -> None:
    name = f"rasad-test-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(0)
        assert tell(f"@{name}", READY)
        assert heard(listening) == [READY]


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "/nowhere/at/all"])
def test_without_systemd_the_work_goes_on(address: str) -> None:
    async def scenario() -> bool:
        async with notifying({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000"}):
            await asyncio.sleep(0)
            return True

    assert asyncio.run(scenario())
    assert not tell(address, READY)


@pytest.mark.parametrize(
    ("environment", "silence"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "²"}, None),
        ({"WATCHDOG_USEC": "60000000"}, timedelta(minutes=1)),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(minutes=1)),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_the_watchdog_is_ours_only_if_it_is_meant_for_this_process(
    environment: dict[str, str], silence: timedelta | None
) -> None:
    assert watchdog(environment) == silence


def unit() -> dict[str, dict[str, list[str]]]:
    """Read the unit: section, key, every value given to it."""
    sections: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, found, value = line.partition("=")
            assert found, line
            section.setdefault(key, []).append(value)
    return sections


def test_the_unit_waits_for_ready_and_ends_a_daemon_that_hangs() -> None:
    service = unit()["Service"]
    assert service["Type"] == ["notify"]
    assert service["NotifyAccess"] == ["main"]
    assert int(service["WatchdogSec"][0]) >= 30
    assert service["Restart"] == ["on-failure"]
    assert int(service["TimeoutStopSec"][0]) > 25 + 10, "a drain and the last ticks must fit"


def test_the_unit_starts_a_command_that_exists_with_settings_that_exist() -> None:
    service = unit()["Service"]
    program, *words = shlex.split(service["ExecStart"][0])
    assert Path(program).name == "rasad"
    assert words[0] == "--settings"
    assert words[2] in COMMANDS
    environment = dict(one.split("=", 1) for one in service["Environment"])
    settings = load_settings(None, environment)
    assert settings.log_format == "json"
    assert settings.data_folder == Path("/var/lib") / service["StateDirectory"][0]


def test_the_unit_gives_the_daemon_no_more_than_it_needs() -> None:
    service = unit()["Service"]
    for key in (
        "NoNewPrivileges",
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectKernelTunables",
        "ProtectKernelModules",
        "ProtectControlGroups",
        "RestrictNamespaces",
        "RestrictSUIDSGID",
        "LockPersonality",
        "MemoryDenyWriteExecute",
        "DynamicUser",
    ):
        assert service[key] == ["yes"], key
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    families = service["RestrictAddressFamilies"][0].split()
    assert set(families) == {"AF_INET", "AF_INET6", "AF_UNIX"}, "the notify socket is AF_UNIX"
    assert "@system-service" in service["SystemCallFilter"]
