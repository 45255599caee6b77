"""Keep fetched pages in WARC files: by day, rotated by size, whole after a kill, deleted by age."""

import errno
import fcntl
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import FileIO
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from crawler.page import Page
from storage.errors import FullError, UnknownRecordError, UnusableFolderError
from storage.warc import (
    DecodedPage,
    EncodedPage,
    Member,
    decode_page,
    encode_info,
    encode_page,
    members,
)

#: WARC recommends a gigabyte (ISO 28500, annex C); a quarter is handier to copy and to repair.
FILE_MAX_BYTES: Final = 256 * 1024 * 1024

#: What a file is called while it is written to; the rest is its lasting name.
OPEN: Final = ".open"

_NAME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)-[\w.-]+-\d{4}\.warc\.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one kept page lies: the file's lasting name, and the record in it.

    `digest` is that of the body (`sha1:…`, as WARC writes it).
    """

    file: str
    start: int
    size_bytes: int
    digest: str


class PageStore:
    """A folder of WARC files, written by one process and read by any.

    `writer` names the process (a worker's id) in the names of its files: no two write to one file.
    Safe to use from several threads. Nothing is flushed to the disk itself: a kill loses nothing, a
    power cut at most the last seconds.
    """

    def __init__(self, folder: Path, *, writer: str, max_bytes: int = FILE_MAX_BYTES) -> None:
        self._folder = folder
        self._writer = re.sub(r"[^\w.]", "_", writer, flags=re.ASCII)
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._file: FileIO | None = None
        self._name = ""
        self._day: date | None = None
        self._make_folder()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def keep(self, page: Page) -> Place:
        """Append a page to the file of its day; return where it lies. Not deduplicated here."""
        return self.keep_encoded(encode_page(page), page.fetched_at.date())

    def keep_encoded(self, encoded: EncodedPage, day: date) -> Place:
        """Append a page encoded before."""
        with self._lock:
            try:
                file = self._file_of(day)
                start = _append(file, encoded.record)
            except OSError as error:
                raise self._told(error) from error
            return Place(
                file=self._name,
                start=start,
                size_bytes=len(encoded.record),
                digest=encoded.digest,
            )

    def read(self, place: Place) -> Page:
        """Read a kept page back; raise UnknownRecordError when it is gone or torn."""
        with self._open_for_reading(place.file) as file:
            file.seek(place.start)
            found = next(members(file), None)
        kept = None if found is None else decode_page(found.content)
        if kept is None:
            raise UnknownRecordError(
                f"no whole page at {place.start} of {self._folder / place.file}; fetch it again"
            )
        return kept.page

    def pages_in(self, file: str) -> Iterator[tuple[Place, Page]]:
        """Read every whole page of a file in the order written; a torn tail ends it quietly."""
        with self._open_for_reading(file) as handle:
            for member in members(handle):
                kept = decode_page(member.content)
                if kept is not None:
                    yield _place(file, member, kept), kept.page

    def files(self) -> tuple[str, ...]:
        """List the lasting names of all files, oldest day first, open ones included."""
        names = {path.name.removesuffix(OPEN) for path in self._folder.iterdir()}
        return tuple(sorted(name for name in names if _NAME.fullmatch(name)))

    def expired(self, before: date) -> tuple[str, ...]:
        """List the closed files of days before this one."""
        return tuple(
            name
            for name in self.files()
            if _day_of(name) < before and (self._folder / name).exists()
        )

    def delete(self, names: tuple[str, ...]) -> int:
        """Delete files by name, repeatably; return how many bytes that frees."""
        freed = 0
        for path in (self._folder / name for name in names):
            if path.exists():
                freed += path.stat().st_size
                path.unlink()
        return freed

    def repair(self) -> tuple[str, ...]:
        """Close the files of writers that died: cut a torn tail off, give the lasting name.

        A file that a living process still writes to is locked, and left alone. Repeatable; returns
        the names of the files closed.
        """
        left = sorted(self._folder.glob(f"*{OPEN}"))
        return tuple(path.name.removesuffix(OPEN) for path in left if _close_abandoned(path))

    def close(self) -> None:
        """Finish the file at hand; keeping another page begins a new one."""
        with self._lock:
            self._finish()

    def _file_of(self, day: date) -> FileIO:
        if self._file is not None and (self._day != day or self._file.tell() >= self._max_bytes):
            self._finish()
        if self._file is None:
            self._name, self._file = self._begin(day)
            self._day = day
        return self._file

    def _begin(self, day: date) -> tuple[str, FileIO]:
        """Make a file whose name nobody has, lock it as ours, and write what it is."""
        names = (f"{day:%Y%m%d}-{self._writer}-{number:04}.warc.gz" for number in count(1))
        name, file = next((name, file) for name in names if (file := self._create(name)))
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            _append(file, encode_info(name))
        except OSError:
            file.close()
            (self._folder / f"{name}{OPEN}").unlink()
            raise
        return name, file

    def _create(self, name: str) -> FileIO | None:
        if (self._folder / name).exists():
            return None
        try:
            return FileIO(self._folder / f"{name}{OPEN}", "x+")
        except FileExistsError:
            return None

    def _finish(self) -> None:
        if self._file is None:
            return
        (self._folder / f"{self._name}{OPEN}").rename(self._folder / self._name)
        self._file.close()
        self._file = None

    def _open_for_reading(self, name: str) -> BinaryIO:
        for path in (self._folder / name, self._folder / f"{name}{OPEN}", self._folder / name):
            try:
                return path.open("rb")
            except FileNotFoundError:
                continue  # it may be finished between the two looks
        raise UnknownRecordError(f"the file {self._folder / name} of kept pages is gone")

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnusableFolderError(
                f"the folder {self._folder} of kept pages cannot be made ({error.strerror}); "
                "make it, or name another"
            ) from error

    def _told(self, error: OSError) -> FullError | UnusableFolderError:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            return FullError(f"there is no room left for {self._folder}; make room on its disk")
        return UnusableFolderError(
            f"a page cannot be kept in {self._folder} ({error.strerror}); "
            "give this user write access to it"
        )


def _append(file: FileIO, record: bytes) -> int:
    """Append a record whole or not at all; return where it starts."""
    start = file.tell()
    written = 0
    try:
        written = file.write(record)
    finally:
        if written != len(record):
            file.truncate(start)
            file.seek(start)
    if written != len(record):  # a disk that fills up takes a part and says so only next time
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return start


def _close_abandoned(path: Path) -> bool:
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return False  # another process was faster
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        end = max((one.start + one.size_bytes for one in members(file)), default=0)
        if end == 0:
            return False  # made this very moment, or never written to
        file.truncate(end)
        path.rename(path.with_name(path.name.removesuffix(OPEN)))
    return True


def _place(file: str, member: Member, kept: DecodedPage) -> Place:
    return Place(file=file, start=member.start, size_bytes=member.size_bytes, digest=kept.digest)


def _day_of(name: str) -> date:
    return date(int(name[:4]), int(name[4:6]), int(name[6:8]))
