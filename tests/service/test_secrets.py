"""No secret is ever told: not in a log, not on a terminal, not in an error, not over HTTP."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import httpx
import psycopg
import pytest
import structlog
from psycopg import sql

from alerts.webhook import new_secret
from service import logs
from service.cli.opening import bring_up_to_date
from service.demo.stage import SETTINGS, Stage, stage, subscribe
from service.house import House, open_house
from service.notify import ALIVE, READY, STOPPING
from storage.delivery import DeliveryState
from storage.ledger import LedgerFilter, list_deliveries
from storage.subscription import Channel
from tests.postgres import PostgresServer
from tests.service.systemd import heard

DATABASE_PASSWORD: Final = "S3cret-of-the-database"
RELAY_PASSWORD: Final = "S3cret-of-the-relay"
PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A daemon's whole life: what it wrote, what it answered, what it told systemd."""

    out: str
    log: str
    answers: str
    told: tuple[str, ...]
    secrets: tuple[str, ...]
    name: str


@contextmanager
def press(folder: Path, url: str) -> Iterator[tuple[Stage, House]]:
    """A demo whose relay lets nobody log in, and whose webhook refuses our signature."""
    with stage(folder, port=0, database_url=url) as played:
        setup = replace(played, secret=new_secret())
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        yield setup, house
        house.close()


def with_password(url: str) -> str:
    """Put a password into a URL; the tests' server takes any."""
    return re.sub(r"//([^@/:]*)@", rf"//\1:{DATABASE_PASSWORD}@", url)


def until_messages_failed(house: House) -> None:
    """Wait until a message on each channel has been tried in vain."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        with house.database.read() as connection:
            tried = {
                one.channel
                for state in (DeliveryState.FAILED, DeliveryState.DEAD)
                for one in list_deliveries(connection, LedgerFilter(state=state), limit=500)
            }
        if tried == {Channel.EMAIL, Channel.WEBHOOK}:
            return
        time.sleep(0.2)
    pytest.fail(f"only {tried} were tried")


def environment_of(folder: Path, form: str, notify: str) -> dict[str, str]:
    password = folder / "relay-password"
    password.write_text(f"{RELAY_PASSWORD}\n", encoding="utf-8")
    return os.environ | {
        "RASAD_LOG_FORMAT": form,
        "RASAD_SMTP__USERNAME": "rasad",
        "RASAD_SMTP__PASSWORD_FILE": str(password),
        "NOTIFY_SOCKET": notify,
        "WATCHDOG_USEC": "3000000",
        "FORCE_COLOR": "0",
    }


def ask(out: Path) -> str:
    """Read from the running daemon what anybody may read."""
    base = re.search(r"http://127\.0\.0\.1:\d+", out.read_text("utf-8"))
    assert base, out.read_text("utf-8")
    paths = ("/metrics", "/readyz", "/api/v1/openapi.json", "/api/v1/deliveries", "/deliveries")
    return "\n".join(httpx.get(base[0] + path, timeout=20).text for path in paths)


def take_the_archive_away(server: PostgresServer, name: str, log: Path) -> None:
    """Close the archive under the daemon until its log has something to say, and open it again."""
    database = sql.Identifier(name)
    with psycopg.connect(server.url("postgres").replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        began = time.monotonic()
        while not log.stat().st_size and time.monotonic() - began < PATIENCE_SECONDS:
            time.sleep(0.2)
        time.sleep(2)  # so that ticks, visits and deliveries all meet the closed door
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))


@pytest.fixture(scope="module", params=["json", "console"])
def ran(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
) -> Iterator[Ran]:
    """One run of `rasad run` in which everything that can fail with a secret does."""
    folder = tmp_path_factory.mktemp(f"secrets_{request.param}")
    name = f"secrets_{request.param}"
    url = postgres_server.create(name)
    out, log = folder / "out", folder / "log"
    with (
        press(folder / "demo", with_password(url)) as (setup, house),
        closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as systemd,
        out.open("wb") as out_file,
        log.open("wb") as log_file,
    ):
        systemd.bind(str(folder / "notify"))
        systemd.settimeout(PATIENCE_SECONDS)
        daemon = subprocess.Popen(
            [sys.executable, "-m", "service.cli.main", "--settings", _file(setup), "run"],
            env=environment_of(folder, request.param, systemd.getsockname()),
            stdout=out_file,
            stderr=log_file,
        )
        try:
            told = [systemd.recv(100).decode()]
            until_messages_failed(house)
            answers = ask(out)
            take_the_archive_away(postgres_server, name, log)
        finally:
            daemon.send_signal(signal.SIGTERM)
            code = daemon.wait(timeout=60)
        assert code == 0, log.read_text("utf-8")
        systemd.settimeout(0)
        told += heard(systemd)
        yield Ran(
            out=out.read_text("utf-8"),
            log=log.read_text("utf-8"),
            answers=answers,
            told=tuple(told),
            name=name,
            secrets=(DATABASE_PASSWORD, RELAY_PASSWORD, setup.secret),
        )


def _file(setup: Stage) -> str:
    return str(setup.folder / SETTINGS)


def test_no_line_of_a_daemons_run_holds_a_secret(ran: Ran) -> None:
    assert "outlets; the pages: http" in ran.out
    assert "rasad_deliveries_open" in ran.answers
    assert re.search(r'"state":\s*"(failed|dead)"', ran.answers), "errors are shown"
    assert "does not answer" in ran.log
    assert f"postgres:***@/{ran.name}" in ran.log, "the address is told, without the password"
    for secret in ran.secrets:
        assert len(secret) > 15
        for told in (ran.out, ran.log, ran.answers):
            assert secret not in told
            assert secret.removeprefix("whsec_") not in told


def test_every_line_of_the_log_for_machines_is_json(ran: Ran) -> None:
    assert ran.log
    if ran.name == "secrets_json":
        lines = [json.loads(line) for line in ran.log.splitlines()]
        assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    else:
        assert not ran.log.startswith("{")


def test_systemd_hears_of_the_whole_life_of_a_daemon(ran: Ran) -> None:
    assert ran.told[0] == READY
    assert ran.told[-1] == STOPPING
    assert set(ran.told[1:-1]) == {ALIVE}


@pytest.mark.parametrize("words", [["doctor"], ["run"], ["migrate"], ["search", "مس"]])
def test_an_archive_that_cannot_be_reached_is_told_without_its_password(
    words: list[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli.main", *words],
        env=os.environ
        | {
            "RASAD_DATA_FOLDER": str(tmp_path / "data"),
            "RASAD_DATABASE_URL": f"postgresql+psycopg://rasad:{DATABASE_PASSWORD}@127.0.0.1:9/r",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert said
    assert DATABASE_PASSWORD not in said
    assert "full report" not in said


@pytest.mark.parametrize("wrong", ["mysql://rasad:{}@db/r", "postgresql+psycopg://rasad:{}@db:x/r"])
def test_a_url_that_cannot_be_read_is_told_without_its_password(wrong: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli.main", "migrate"],
        env=os.environ
        | {
            "RASAD_DATA_FOLDER": str(tmp_path / "data"),
            "RASAD_DATABASE_URL": wrong.format(DATABASE_PASSWORD),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert DATABASE_PASSWORD not in done.stdout + done.stderr


@pytest.fixture
def restored() -> Iterator[None]:
    """Leave logging as it was found."""
    loggers = [logging.getLogger(name) for name in ("", *logs.LIBRARIES)]
    before = [(one.level, one.propagate, list(one.handlers)) for one in loggers]
    yield
    structlog.reset_defaults()
    for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.propagate = propagate
        one.handlers[:] = handlers


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_where_but_not_what_stood_in_the_variables(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("json" if form == "json" else "console")
    log = structlog.get_logger("rasad")
    try:
        _fail(RELAY_PASSWORD)
    except LookupError:
        log.exception("a job failed", password=RELAY_PASSWORD, outlet="nazir")
    said = capsys.readouterr().err
    assert "in _fail" in said
    assert "LookupError" in said
    assert "nazir" in said
    assert RELAY_PASSWORD not in said
    assert form == "console" or json.loads(said)["password"] == "…"


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("name", ["dbos", "asyncio", "somebody.else"])
def test_what_a_library_logs_is_a_line_like_ours_and_told_once(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger(name).addHandler(own := logging.StreamHandler())
    logs.set_up("json")
    logs.set_up("json")
    try:
        _fail(RELAY_PASSWORD)
    except LookupError:
        logging.getLogger(name).exception("it went %s", "wrong")
    logging.getLogger(name).removeHandler(own)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    (said,) = map(json.loads, lines)
    assert said["event"] == "it went wrong"
    assert said["level"] == "error"
    assert said["logger"] == name
    assert "in _fail" in said["exception"]
    assert RELAY_PASSWORD not in lines[0]


def _fail(handed: str) -> None:
    held = {"in": handed}
    raise LookupError(len(held))
