"""Imports of collections as background work: one at a time, how far each is kept in a file.

A stop of the process breaks an import off; sending the same file again goes on, for what stands in
the archive already is `unchanged`.
"""

import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog

from service.house import House
from service.taking_in import NOTHING, Step, TakenIn, take_in
from service.web.import_stage import Stage
from service.web.uploads import Upload
from storage.errors import StorageError, UnknownRecordError
from storage.worded import Worded

log = structlog.get_logger("rasad.imports")

#: Problems that are kept to be shown; a file of another kind has one on every line.
SHOWN: Final = 100
#: Steps between two writes of how far it is.
_EVERY: Final = 25
_KEPT: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a line or page was not taken in, in a sentence to be said in any language."""

    place: int
    sentence: str
    values: dict[str, Any]

    @property
    def error(self) -> Worded:
        """The problem as an error, to be told."""
        return Worded(self.sentence, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import: what was sent, by whom, and what has become of it so far."""

    id: str
    name: str
    size_bytes: int
    by_whom: str
    began_at: datetime
    stage: Stage = Stage.WAITING
    ended_at: datetime | None = None
    count: TakenIn = NOTHING
    problems: tuple[Problem, ...] = ()


class Imports:
    """The imports of one installation."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._folder = house.settings.data_folder / "imports"
        self._one_at_a_time = threading.Lock()
        self._mine: set[str] = set()

    def place(self) -> tuple[str, Path]:
        """Return the id of a new import, and where its file is to be written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = f"{self._house.clock():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        return made, self._upload(made)

    def begin(self, import_id: str, upload: Upload, *, by_whom: str) -> Import:
        """Begin to take in what was written."""
        begun = Import(
            id=import_id,
            name=upload.name,
            size_bytes=upload.size_bytes,
            by_whom=by_whom,
            began_at=self._house.clock(),
        )
        self._mine.add(begun.id)
        self._write(begun)
        threading.Thread(target=self._run, args=(begun,), daemon=True, name="import").start()
        return begun

    def find(self, import_id: str) -> Import:
        """Return an import; UnknownRecordError when there is none."""
        file = self._folder / f"{import_id}.json"
        if not import_id.replace("-", "").isalnum() or not file.is_file():
            raise UnknownRecordError("no import «{given}»; see the list of them", given=import_id)
        return self._read(file)

    def latest(self) -> Sequence[Import]:
        """Return the latest imports, the newest first."""
        files = sorted(self._folder.glob("*.json"), reverse=True)[:_KEPT]
        return [self._read(file) for file in files]

    def _upload(self, import_id: str) -> Path:
        return self._folder / f"{import_id}.upload"

    def _run(self, begun: Import) -> None:
        """Take in one file in a thread of its own; whatever happens is said in its state."""
        with self._one_at_a_time:
            state = replace(begun, stage=Stage.RUNNING)
            try:
                state = self._take_in(state)
            except Exception as error:  # a job's boundary: nobody above would hear of it
                log.exception("an import broke off", name=begun.name)
                state = self._broken_off(begun.id, error)
            self._write(replace(state, ended_at=self._house.clock()))
            self._upload(begun.id).unlink(missing_ok=True)

    def _take_in(self, state: Import) -> Import:
        with self._upload(state.id).open("rb") as file:
            for step in take_in(self._house, file, name=state.name):
                state = counted(state, step)
                if state.count.total % _EVERY == 1:
                    self._write(state)
        log.info("imported", name=state.name, new=state.count.new, failed=state.count.failed)
        return replace(state, stage=Stage.DONE)

    def _broken_off(self, import_id: str, error: Exception) -> Import:
        state = replace(self.find(import_id), stage=Stage.BROKEN_OFF)
        if not isinstance(error, StorageError):
            return state
        return counted(state, Step(place=state.count.total + 1, problem=error))

    def _write(self, state: Import) -> None:
        file = self._folder / f"{state.id}.json"
        fresh = file.with_suffix(".fresh")
        fresh.write_text(json.dumps(asdict(state), default=str), encoding="utf-8")
        fresh.replace(file)

    def _read(self, file: Path) -> Import:
        found = json.loads(file.read_text(encoding="utf-8"))
        state = Import(
            **found
            | {
                "stage": Stage(found["stage"]),
                "began_at": datetime.fromisoformat(found["began_at"]),
                "count": TakenIn(**found["count"]),
                "ended_at": _instant(found["ended_at"]),
                "problems": tuple(Problem(**one) for one in found["problems"]),
            }
        )
        is_orphan = state.ended_at is None and state.id not in self._mine
        return replace(state, stage=Stage.BROKEN_OFF) if is_orphan else state


def counted(state: Import, step: Step) -> Import:
    """Add what became of one line or page."""
    problems = state.problems
    if step.problem is not None and len(problems) < SHOWN:
        values = {
            name: one if isinstance(one, int) else str(one)
            for name, one in step.problem.values.items()
        }
        told = Problem(place=step.place, sentence=step.problem.sentence, values=values)
        problems = (*problems, told)
    return replace(state, count=state.count.after(step), problems=problems)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
