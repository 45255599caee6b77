"""Take articles out of the archive in one of the forms people work with, piece by piece."""

import io
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Final, TextIO, assert_never

from storage.database import Database
from storage.export import CHUNK, Exported, Progress, everything_found, write_csv, write_jsonl
from storage.parquet import parquet_pieces, require_parquet
from storage.query import Query

#: What is asked when nothing is.
EVERYTHING: Final = "*"


class Form(StrEnum):
    """What an export can be."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def take_out(
    database: Database, query: Query, form: Form, *, progress: Progress
) -> Iterator[bytes]:
    """Return the pieces of an export, newest articles first; little is held at a time.

    Raises MissingLibraryError at once, before the first piece is asked for.
    """
    found = everything_found(database, query)
    match form:
        case Form.CSV:
            return _written(found, _csv, progress)
        case Form.JSONL:
            return _written(found, _jsonl, progress)
        case Form.PARQUET:
            require_parquet()
            return parquet_pieces(found, progress=progress)
        case _:
            assert_never(form)


Write = Callable[[list[Exported], TextIO, bool], None]


def _written(found: Iterator[Exported], write: Write, progress: Progress) -> Iterator[bytes]:
    written = 0
    while (some := list(islice(found, CHUNK))) or not written:
        out = io.StringIO(newline="")
        write(some, out, not written)
        yield out.getvalue().encode()
        written += len(some)
        progress(written)
        if len(some) < CHUNK:
            return


def _csv(some: list[Exported], out: TextIO, is_first: bool) -> None:  # noqa: FBT001  # one of two
    write_csv(some, out, progress=_silent, has_heading=is_first)


def _jsonl(some: list[Exported], out: TextIO, _is_first: bool) -> None:  # noqa: FBT001  # the same
    write_jsonl(some, out, progress=_silent)


def _silent(_count: int) -> None:
    """Progress is told by the chunk."""
