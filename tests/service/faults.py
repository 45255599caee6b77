"""A daemon under faults: what it says of itself, and the faults, which need no special rights."""

import ctypes
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.demo.stage import SETTINGS, Stage

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A daemon that runs, and the address of its pages."""

    process: subprocess.Popen[bytes]
    url: str

    def health(self, path: str = "/readyz") -> tuple[int, str]:
        """Ask how it is; return the status and the reason it gives."""
        answer = httpx.get(f"{self.url}{path}", timeout=20)
        return answer.status_code, answer.json().get("reason", "")

    def until(self, status: int, *, within_seconds: float) -> str:
        """Wait until it says that it is ready (200) or not (503); return the reason it gives."""
        began, seen = time.monotonic(), (0, "")
        while time.monotonic() - began < within_seconds:
            seen = self.health()
            if seen[0] == status:
                return seen[1]
            time.sleep(0.3)
        raise AssertionError(f"no {status} within {within_seconds} s; the last was {seen}")


@contextmanager
def daemon(setup: Stage) -> Iterator[Running]:
    """Run `rasad run` as a user whom the modes of files bind; end it in good order."""
    with (setup.folder.parent / "daemon.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli.main", "--settings", _file(setup), "run"],
            stdout=subprocess.PIPE,
            stderr=log,
            preexec_fn=_obey_modes,  # noqa: PLW1509  # no thread of ours holds a lock here
        )
    assert process.stdout is not None
    try:
        said = process.stdout.readline().decode()
        found = re.search(r"http://\S+:\d+", said)
        assert found, said
        yield Running(process=process, url=found[0])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _file(setup: Stage) -> str:
    return str(setup.folder / SETTINGS)


def _obey_modes() -> None:
    """Let root give up its power over the modes of files; nobody else has it."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


@contextmanager
def no_room(running: Running, folder: Path) -> Iterator[None]:
    """Let no file of the daemon grow beyond the smallest that grows, as a quota would."""
    grown = [one.stat().st_size for one in folder.glob("*.sqlite*")]
    _, most = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (min(*grown, 4096), most))
    try:
        yield
    finally:
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from a folder and all that stands in it."""
    modes = {one: one.stat().st_mode for one in (folder, *folder.rglob("*"))}
    for one in modes:
        one.chmod(0o555 if one.is_dir() else 0o444)
    try:
        yield
    finally:
        for one, mode in modes.items():
            one.chmod(mode)
