"""Turn a fetched Page into one gzipped WARC record, and back, exactly (ISO 28500:2017, WARC 1.1).

The HTTP block is for every WARC tool; a field of our own, `Rasad-Page`, keeps what the block cannot
carry exactly (the address asked for, header values as received, the time to the microsecond).
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.page import Page, Validators
from storage.errors import UnreadableRecordError

#: Fields that describe how the body travelled; it is kept inflated and whole.
_TRANSPORT: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})

#: Nobody's news is longer; a record that inflates further is a trap.
PAGE_MAX_BYTES: Final = 20 * 1024 * 1024

_OWN_FIELD: Final = "Rasad-Page"
_READ_BYTES: Final = 1 << 16
_GZIP: Final = zlib.MAX_WBITS | 16
_LEVEL: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One gzip member of a WARC file: where it lies, and what it holds inflated."""

    start: int
    size_bytes: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPage:
    """A page as a gzipped record; `digest` is that of its body, as WARC writes digests."""

    record: bytes
    digest: str


def encode_page(page: Page) -> EncodedPage:
    """Write a page as a `response` record."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        _ascii(page.url),
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=_http_block(page),
        warc_headers_dict={
            "WARC-Date": f"{page.fetched_at:%Y-%m-%dT%H:%M:%S.%fZ}",
            _OWN_FIELD: json.dumps(_facts(page), separators=(",", ":")),
        },
    )
    writer.write_record(record)
    digest = record.rec_headers.get_header("WARC-Payload-Digest")
    return EncodedPage(record=_gzipped(buffer.getvalue()), digest=digest)


def _gzipped(record: bytes) -> bytes:
    """Compress a record into a member; level 9, the library's, takes 2.5 times as long."""
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return deflater.compress(record) + deflater.flush()


def encode_info(filename: str) -> bytes:
    """Write the `warcinfo` record that a file begins with."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    info = {"software": "Rasad", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(filename, info))
    return buffer.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPage:
    """A page read from a record, with the digest written beside it."""

    page: Page
    digest: str


def decode_page(content: bytes) -> DecodedPage | None:
    """Read a page from an inflated record; None for a record that holds no page of ours."""
    record = next(WARCIterator(BytesIO(content)), None)
    page = None if record is None else _own_page(record)
    if record is None or page is None:
        return None
    return DecodedPage(page=page, digest=record.rec_headers.get_header("WARC-Payload-Digest"))


def pages_of(file: BinaryIO, *, name: str) -> Iterator[Page]:
    """Read the pages of any WARC file, of ours or another tool's, gzipped or plain.

    Only answers with status 200 are pages; larger ones than `PAGE_MAX_BYTES` are passed over. A
    file torn at its end gives what is whole. Raises UnreadableRecordError for what is no WARC;
    `name` is the file's, for that message.
    """
    try:
        for record in WARCIterator(file):
            page = _own_page(record) or _foreign_page(record)
            if page is not None:
                yield page
    except EOFError:
        return
    except (ArchiveLoadFailed, zlib.error, ValueError) as error:
        raise UnreadableRecordError(
            "{name} is no WARC file ({why}); name another", name=name, why=error
        ) from error


def members(file: BinaryIO) -> Iterator[Member]:
    """Read the members of an open file from where it stands, up to a torn or foreign tail."""
    start, carried = file.tell(), b""
    while True:
        inflater = zlib.decompressobj(_GZIP)
        read, parts = 0, []
        while not inflater.eof:
            chunk = carried or file.read(_READ_BYTES)
            carried = b""
            if not chunk:
                return
            try:
                parts.append(inflater.decompress(chunk))
            except zlib.error:
                return
            read += len(chunk)
        carried = inflater.unused_data
        size = read - len(carried)
        yield Member(start=start, size_bytes=size, content=b"".join(parts))
        start += size


def _own_page(record: Any) -> Page | None:  # noqa: ANN401  # the library has no types
    facts = record.rec_headers.get_header(_OWN_FIELD)
    return None if facts is None else _page(json.loads(facts), record.raw_stream.read())


def _foreign_page(record: Any) -> Page | None:  # noqa: ANN401  # the library has no types
    """Read a page as another tool kept it: perhaps compressed, perhaps in chunks."""
    http = record.http_headers
    if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
        return None
    body = record.content_stream().read(PAGE_MAX_BYTES + 1)
    if len(body) > PAGE_MAX_BYTES:
        return None
    url = record.rec_headers.get_header("WARC-Target-URI")
    headers = {key.lower(): value for key, value in http.headers if key.lower() not in _TRANSPORT}
    content_type = Message()
    content_type["content-type"] = headers.get("content-type", "text/html")
    return Page(
        requested_url=url,
        url=url,
        status=200,
        headers=headers,
        media_type=content_type.get_content_type(),
        charset=content_type.get_content_charset(),
        body=body,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        validators=Validators(etag=headers.get("etag"), last_modified=headers.get("last-modified")),
    )


def _http_block(page: Page) -> StatusAndHeaders:
    kept = [(name, _line(value)) for name, value in page.headers.items() if name not in _TRANSPORT]
    length = ("content-length", str(len(page.body)))
    return StatusAndHeaders(_status_line(page.status), [*kept, length], protocol="HTTP/1.1")


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _line(value: str) -> str:
    """Keep a header value from ending its line."""
    return " ".join(value.split())


def _ascii(url: str) -> str:
    return quote(url, safe="%/:?#[]@!$&'()*+,;=-._~", errors="replace")


def _facts(page: Page) -> dict[str, Any]:
    return {
        "requested_url": page.requested_url,
        "url": page.url,
        "status": page.status,
        "headers": dict(page.headers),
        "media_type": page.media_type,
        "charset": page.charset,
        "fetched_at": page.fetched_at.isoformat(),
        "etag": page.validators.etag,
        "last_modified": page.validators.last_modified,
    }


def _page(facts: dict[str, Any], body: bytes) -> Page:
    return Page(
        requested_url=facts["requested_url"],
        url=facts["url"],
        status=facts["status"],
        headers=facts["headers"],
        media_type=facts["media_type"],
        charset=facts["charset"],
        body=body,
        fetched_at=datetime.fromisoformat(facts["fetched_at"]),
        validators=Validators(etag=facts["etag"], last_modified=facts["last_modified"]),
    )
