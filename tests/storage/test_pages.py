"""Kept pages: exact, readable by any WARC tool, whole after a kill, deleted by age."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.page import Page, Validators
from storage.database import Database
from storage.errors import UnknownRecordError, UnusableFolderError
from storage.kept_pages import forget_files, keep_page, kept_pages_of, latest_kept
from storage.pages import OPEN, PageStore
from storage.warc import decode_page, encode_page, members

NOON = datetime(2026, 3, 21, 12, 0, 0, 7, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def _page(number: int = 1, **changes: object) -> Page:
    url = f"https://sobh.example/news/{number}"
    page = Page(
        requested_url=url,
        url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8", "content-encoding": "gzip"},
        charset="utf-8",
        body=f"<title>خبر {number}</title><p>می‌شود".encode(),
        fetched_at=NOON + timedelta(minutes=number),
        validators=Validators(etag='"7"'),
    )
    return replace(page, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PageStore]:
    with PageStore(tmp_path / "pages", writer="one") as store:
        yield store


_texts = st.text(max_size=20)
_pages = st.builds(
    Page,
    requested_url=_texts,
    url=_texts.map(lambda path: f"https://sobh.example/{path}"),
    status=st.integers(100, 999),
    headers=st.dictionaries(st.from_regex(r"[a-z-]{1,9}", fullmatch=True), _texts, max_size=4),
    media_type=_texts,
    charset=st.none() | _texts,
    body=st.binary(max_size=300),
    fetched_at=st.datetimes(timezones=st.just(UTC)),
    validators=st.builds(Validators, etag=st.none() | _texts, last_modified=st.none() | _texts),
)


@given(_pages)
def test_any_page_comes_back_as_it_was(page: Page) -> None:
    encoded = encode_page(page)
    (member,) = members(BytesIO(encoded.record))
    decoded = decode_page(member.content)
    assert decoded is not None
    assert decoded.page == page
    assert decoded.digest == encoded.digest


def test_pages_are_read_back_by_their_places(store: PageStore) -> None:
    places = [store.keep(_page(number)) for number in range(5)]
    assert [store.read(place) for place in places] == [_page(number) for number in range(5)]
    store.close()
    assert store.read(places[3]) == _page(3)


def test_other_warc_tools_read_the_file_and_find_its_digests_right(
    store: PageStore, tmp_path: Path
) -> None:
    for number in range(3):
        store.keep(_page(number))
    store.close()
    (path,) = (tmp_path / "pages").iterdir()
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        seen = [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.http_headers and record.http_headers.get_header("content-encoding"),
                record.content_stream().read(),
            )
            for record in records
        ]
    assert seen[0][0] == "warcinfo"
    assert seen[1:] == [("response", _page(n).url, None, _page(n).body) for n in range(3)]


def test_every_day_has_files_of_its_own(store: PageStore) -> None:
    store.keep(_page(1))
    store.keep(_page(2, fetched_at=NOON + timedelta(days=1)))
    store.keep(_page(3))
    assert store.files() == (
        "20260321-one-0001.warc.gz",
        "20260321-one-0002.warc.gz",
        "20260322-one-0001.warc.gz",
    )


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="one", max_bytes=2000) as store:
        places = [store.keep(_page(n, body=os.urandom(900))) for n in range(5)]
        assert len({place.file for place in places}) == len(store.files()) == 3
        assert all(store.read(place) for place in places)


def test_a_file_takes_its_lasting_name_when_it_is_finished(
    store: PageStore, tmp_path: Path
) -> None:
    place = store.keep(_page())
    folder = tmp_path / "pages"
    assert [path.name for path in folder.iterdir()] == [place.file + OPEN]
    store.close()
    store.close()
    assert [path.name for path in folder.iterdir()] == [place.file]


def test_threads_keep_pages_beside_one_another(store: PageStore) -> None:
    places: dict[int, object] = {}

    def keep(first: int) -> None:
        for number in range(first, first + 20):
            places[number] = store.keep(_page(number))

    threads = [threading.Thread(target=keep, args=(first,)) for first in (0, 20, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (name,) = store.files()
    assert dict(store.pages_in(name)) == {place: _page(number) for number, place in places.items()}


def test_two_writers_of_one_folder_use_two_files(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="a/b") as one, PageStore(tmp_path, writer="a/b") as other:
        assert one.keep(_page(1)).file == "20260321-a_b-0001.warc.gz"
        place = other.keep(_page(2))
        assert place.file == "20260321-a_b-0002.warc.gz"
        assert one.read(place) == _page(2)


def test_a_killed_writer_loses_no_page_it_kept(tmp_path: Path) -> None:
    code = f"""
import sys, os
from pathlib import Path
from tests.storage.test_pages import _page
from storage.pages import PageStore
store = PageStore(Path({str(tmp_path)!r}), writer="dead")
for number in range(50):
    print(store.keep(_page(number)).start, flush=True)
os.kill(os.getpid(), 9)
"""
    killed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert killed.returncode == -9
    store = PageStore(tmp_path, writer="alive")
    (name,) = store.files()
    assert [place.start for place, _ in store.pages_in(name)] == [
        int(start) for start in killed.stdout.split()
    ]
    assert store.repair() == (name,)
    assert store.repair() == ()
    assert len(list(store.pages_in(name))) == 50


def test_a_torn_tail_is_passed_over_and_cut_off(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="one") as store:
        kept = [store.keep(_page(number)) for number in range(3)]
    path = tmp_path / kept[0].file
    whole = path.read_bytes()
    torn = path.rename(tmp_path / f"{kept[0].file}{OPEN}")
    torn.write_bytes(whole[:-30])
    assert [page for _, page in store.pages_in(kept[0].file)] == [_page(0), _page(1)]
    with pytest.raises(UnknownRecordError, match="no whole page"):
        store.read(kept[2])
    assert store.repair() == (kept[0].file,)
    assert path.read_bytes() == whole[: kept[2].start]


def test_rubbish_after_the_pages_ends_the_reading(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="one") as store:
        kept = store.keep(_page())
    with (tmp_path / kept.file).open("ab") as file:
        file.write(b"not gzip at all")
    assert [page for _, page in store.pages_in(kept.file)] == [_page()]


def test_a_file_still_written_to_is_left_alone_by_repair(store: PageStore, tmp_path: Path) -> None:
    store.keep(_page(1))
    assert PageStore(tmp_path / "pages", writer="other").repair() == ()
    place = store.keep(_page(2))
    assert store.read(place) == _page(2)


def test_an_empty_file_just_made_is_left_alone_by_repair(tmp_path: Path) -> None:
    made = tmp_path / f"20260321-one-0001.warc.gz{OPEN}"
    made.touch()
    assert PageStore(tmp_path, writer="other").repair() == ()
    assert made.exists()


def test_old_files_are_deleted_by_day(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="one") as store:
        old = store.keep(_page(1)).file
        new = store.keep(_page(2, fetched_at=NOON + timedelta(days=2))).file
        expired = store.expired(date(2026, 3, 23))
        assert expired == (old,)
        assert store.delete(expired) > 200
        assert store.delete(expired) == 0
        assert store.files() == (new,)
        assert store.expired(date(2027, 1, 1)) == ()  # the open one stays


def test_a_page_whose_file_is_gone_is_said_to_be_so(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="one") as store:
        place = store.keep(_page())
    store.delete((place.file,))
    with pytest.raises(UnknownRecordError, match="is gone"):
        store.read(place)


def test_a_folder_that_cannot_be_made_or_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableFolderError, match="cannot be made"):
        PageStore(tmp_path / "file" / "pages", writer="one")
    store = PageStore(tmp_path / "pages", writer="one")
    (tmp_path / "pages").rmdir()
    with pytest.raises(UnusableFolderError, match="cannot be kept"):
        store.keep(_page())


def test_without_room_a_page_is_refused_whole_and_kept_once_there_is_room(tmp_path: Path) -> None:
    code = f"""
import os, resource
from pathlib import Path
from storage.errors import FullError
from storage.pages import PageStore
from tests.storage.test_pages import _page
store = PageStore(Path({str(tmp_path)!r}), writer="one")
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
kept = 0
try:
    while True:
        store.keep(_page(kept, body=os.urandom(900)))
        kept += 1
except FullError as error:
    assert not error.permanent
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
place = store.keep(_page(kept))
assert store.read(place) == _page(kept)
print(kept)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    store = PageStore(tmp_path, writer="other")
    (name,) = store.files()
    kept = int(done.stdout)
    assert kept > 1
    assert [page.url for _, page in store.pages_in(name)] == [
        _page(number).url for number in range(kept + 1)
    ]


def test_a_file_that_cannot_even_be_begun_leaves_nothing(tmp_path: Path) -> None:
    code = f"""
import resource
from pathlib import Path
from storage.errors import FullError
from storage.pages import PageStore
from tests.storage.test_pages import _page
store = PageStore(Path({str(tmp_path)!r}), writer="one")
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
for _ in range(3):
    try:
        store.keep(_page())
    except FullError:
        print("told")
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.split(), done.stderr) == (["told"] * 3, "")
    assert list(tmp_path.iterdir()) == []


def _keep(database: Database, store: PageStore, page: Page) -> object:
    with database.write() as connection:
        return keep_page(
            connection, store, page, outlet_id="sobh", canonical_url=page.requested_url
        )


def test_a_reading_is_remembered_once(database: Database, store: PageStore) -> None:
    kept = _keep(database, store, _page())
    assert _keep(database, store, _page()) == kept
    with database.read() as connection:
        assert kept_pages_of(connection, "sobh", _page().url) == (kept,)
        assert kept_pages_of(connection, "rasa", _page().url) == ()


def test_the_same_body_is_written_once(database: Database, store: PageStore) -> None:
    later = _page(fetched_at=NOON + timedelta(hours=1))
    changed = _page(fetched_at=NOON + timedelta(hours=2), body=b"other")
    for page in (_page(), later, changed):
        _keep(database, store, page)
    with database.read() as connection:
        first, second, third = kept_pages_of(connection, "sobh", _page().url)
    assert first.place == second.place != third.place
    assert store.read(second.place).body == later.body
    assert store.read(third.place) == changed


def test_the_latest_reading_of_every_address_is_listed_in_pages(
    database: Database, store: PageStore
) -> None:
    for number in (1, 2, 3):
        _keep(database, store, _page(number))
        _keep(database, store, _page(number, fetched_at=NOON + timedelta(days=1), body=b"x"))
    with database.read() as connection:
        first = latest_kept(connection, "sobh", limit=2)
        second = latest_kept(connection, "sobh", limit=2, after=first[-1])
        assert latest_kept(connection, "sobh", limit=2, after=second[-1]) == ()
        assert latest_kept(connection, "rasa", limit=2) == ()
    addresses = [kept.canonical_url for kept in first + second]
    assert addresses == [_page(number).url for number in (1, 2, 3)]
    assert {kept.fetched_at for kept in first + second} == {NOON + timedelta(days=1)}


def test_readings_go_with_their_files(database: Database, store: PageStore) -> None:
    _keep(database, store, _page(1))
    _keep(database, store, _page(2, fetched_at=NOON + timedelta(days=1)))
    expired = ("20260321-one-0001.warc.gz",)
    with database.write() as connection:
        assert forget_files(connection, expired) == 1
        assert forget_files(connection, expired) == 0
        assert forget_files(connection, ()) == 0
        assert kept_pages_of(connection, "sobh", _page(1).url) == ()
        assert len(kept_pages_of(connection, "sobh", _page(2).url)) == 1
