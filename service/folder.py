"""Own a data folder: writable, and no second daemon on it.

SQLite is for one process: with two, the per-host limit broke in every trial, so the second is
refused in well under a second. The kernel drops the lock with the process, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from service.errors import FolderBusyError, FolderError


def prepare(folder: Path) -> Path:
    """Create the folder if need be and prove that files can be written in it.

    Returns the absolute path. Raises FolderError naming the folder and the reason.
    """
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)  # in containers every first process has the same number
    except OSError as error:
        raise FolderError(
            f"{folder}: cannot be written ({error.strerror}); give the user who runs Rasad"
            " the folder, or set data_folder to another"
        ) from None
    return folder.absolute()


@contextmanager
def owned(folder: Path, name: str = "rasad") -> Iterator[Path]:
    """Hold `name`.lock in the folder for as long as the block lasts.

    Raises FolderBusyError at once, naming the other process, when another holds it.
    """
    path = prepare(folder) / f"{name}.lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusyError(
                f"{folder}: another Rasad {_holder(lock)}works on this folder; stop it, or set"
                " data_folder to another"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield path.parent


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    pid = lock.read().strip()
    return f"(process {pid}) " if pid.isdigit() else ""
