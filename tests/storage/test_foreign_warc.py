"""WARC files of other tools: their pages are read, whatever else is in them."""

import gzip
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.page import Page, Validators
from storage.errors import UnreadableRecordError
from storage.pages import PageStore
from storage.warc import PAGE_MAX_BYTES, pages_of

TEXT = "<p>واحد تازه راه افتاد</p>".encode()


def _file(*records: tuple[str, str, bytes, dict[str, str]], compressed: bool = True) -> BytesIO:
    """A file as another crawler writes it: kind, status, body and HTTP header fields."""
    file = BytesIO()
    writer = WARCWriter(file, gzip=compressed)
    for number, (kind, status, body, fields) in enumerate(records):
        record = writer.create_warc_record(
            f"https://sobh.example/{number}",
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, list(fields.items()), protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2026-03-21T12:00:00Z"},
        )
        writer.write_record(record)
    file.seek(0)
    return file


def _pages(file: BytesIO) -> list[Page]:
    return list(pages_of(file, name="old.warc"))


HTML = {"Content-Type": "text/html; charset=windows-1256", "ETag": '"7"'}
WHOLE = Page(
    requested_url="https://sobh.example/0",
    url="https://sobh.example/0",
    status=200,
    headers={"content-type": "text/html; charset=windows-1256", "etag": '"7"'},
    charset="windows-1256",
    body=TEXT,
    fetched_at=datetime(2026, 3, 21, 12, tzinfo=UTC),
    validators=Validators(etag='"7"'),
)


@pytest.mark.parametrize("compressed", [True, False])
def test_a_page_of_another_tool_is_read_whole(*, compressed: bool) -> None:
    assert _pages(_file(("response", "200 OK", TEXT, HTML), compressed=compressed)) == [WHOLE]


def test_compression_and_chunks_are_undone() -> None:
    packed = HTML | {"Content-Encoding": "gzip"}
    chunked = HTML | {"Transfer-Encoding": "chunked"}
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(TEXT), TEXT)
    found = _pages(
        _file(
            ("response", "200 OK", gzip.compress(TEXT), packed),
            ("response", "200 OK", chunks, chunked),
        )
    )
    assert [page.body for page in found] == [TEXT, TEXT]
    assert "content-encoding" not in found[0].headers


def test_what_is_no_page_is_passed_over() -> None:
    bomb = gzip.compress(b" " * (PAGE_MAX_BYTES + 1))
    file = _file(
        ("request", "GET / HTTP/1.1", b"", {}),
        ("response", "404 Not Found", TEXT, HTML),
        ("response", "301 Moved", b"", {"Location": "/"}),
        ("response", "200 OK", bomb, {"Content-Encoding": "gzip"}),
        ("response", "200 OK", TEXT, HTML),
    )
    assert [page.url for page in _pages(file)] == ["https://sobh.example/4"]


def test_our_own_files_are_read_as_exactly_as_we_do(tmp_path: Path) -> None:
    with PageStore(tmp_path, writer="one") as store:
        place = store.keep(WHOLE)
    assert _pages(BytesIO((tmp_path / place.file).read_bytes())) == [WHOLE]


def test_a_torn_file_gives_what_is_whole() -> None:
    whole = _file(("response", "200 OK", TEXT, HTML), ("response", "200 OK", TEXT * 50, HTML))
    torn = BytesIO(whole.getvalue()[:-40])
    assert _pages(torn)[:1] == [WHOLE]


@pytest.mark.parametrize(
    "content",
    [b"no WARC at all", b"%PDF-1.7\n\n", gzip.compress(b"text", mtime=0)],
    ids=["text", "pdf", "gzip"],
)
def test_another_kind_of_file_is_named(content: bytes) -> None:
    with pytest.raises(UnreadableRecordError, match=r"old\.warc is no WARC file"):
        _pages(BytesIO(content))


def test_an_empty_file_holds_no_page() -> None:
    assert _pages(BytesIO()) == []
