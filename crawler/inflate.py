"""Inflates what a server sent, never beyond a bound.

httpx inflates without limit by itself (1.6 KB of brotli took 2 GB), so only gzip and deflate are
asked for and read here, a piece at a time.
"""

import zlib
from io import BytesIO
from typing import Final

from crawler.errors import BadEncodingError, TooLargeError

ACCEPTED: Final = "gzip, deflate"
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_PIECE_BYTES: Final = 65_536  # a bomb's whole room at once would stand beside the body
_RAW: Final = -zlib.MAX_WBITS


class Inflater:
    """Collects the bytes of one answer, inflated, up to `limit_bytes`."""

    def __init__(self, encoding: str, *, limit_bytes: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit_bytes
        # gives its bytes away without a copy, which a bytearray would make of the whole body
        self._body = BytesIO()
        self._begun = False
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BadEncodingError(
                f"the answer is encoded as {encoding!r}; only {ACCEPTED} was asked for"
            )

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came; raises TooLargeError or BadEncodingError."""
        if not chunk:
            return
        if self._encoding in {"", "identity"}:
            self._keep(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise BadEncodingError(f"the {self._encoding} stream is broken ({error})") from error

    def finish(self) -> bytes:
        """Return the whole body; raises BadEncodingError when the stream is torn."""
        if self._begun and not self._stream.eof:
            raise BadEncodingError(f"the {self._encoding} stream ends in the middle")
        return self._body.getvalue()

    def _inflate(self, chunk: bytes) -> None:
        self._open(chunk)
        while chunk:
            if self._stream.eof:
                if not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            room = self._limit - self._body.tell() + 1
            self._keep(self._stream.decompress(chunk, min(room, _PIECE_BYTES)))
            chunk = self._stream.unconsumed_tail or self._stream.unused_data

    def _open(self, chunk: bytes) -> None:
        if self._begun:
            return
        self._begun = True
        if self._encoding == "deflate" and not _has_zlib_header(chunk):
            self._stream = zlib.decompressobj(_RAW)

    def _keep(self, piece: bytes) -> None:
        self._body.write(piece)
        if self._body.tell() > self._limit:
            raise TooLargeError(f"the answer is larger than {self._limit:,} bytes")


def _has_zlib_header(chunk: bytes) -> bool:
    return chunk[0] & 0x0F == zlib.DEFLATED


def inflate_gzip(data: bytes, *, limit_bytes: int) -> bytes:
    """Inflate a gzip file, bounded; what is no gzip file is returned as it is."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    inflater = Inflater("gzip", limit_bytes=limit_bytes)
    inflater.feed(data)
    return inflater.finish()
