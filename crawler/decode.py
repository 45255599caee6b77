"""Turns bytes into text: by mark, header, the document's own word, then what the bytes show."""

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(
    rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([\w.:-]+)",
    re.IGNORECASE,
)
_LOOKED_AT: Final = 4096  # where a declaration must stand
_SAMPLE: Final = 65_536  # more does not help the guess and costs time
# Pages that claim Latin-1 or ASCII and are in Persian say it by default, not on purpose.
_SAID_BY_DEFAULT: Final = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"})


def decode(body: bytes, charset: str | None = None) -> str:
    """Decode `body`, never failing; what fits nothing becomes U+FFFD.

    A byte order mark decides; then UTF-8 where the bytes are valid UTF-8, whatever they claim;
    then the header's `charset`, the document's own declaration, and a guess over the bytes.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    for name in ("utf-8", *_claimed(body, charset), _guess(body)):
        text = _try(body, name)
        if text is not None:
            return text
    return body.decode("utf-8", "replace")


def _claimed(body: bytes, charset: str | None) -> list[str]:
    declared = _DECLARED.search(body, 0, _LOOKED_AT)
    found = [charset or "", (declared[1] or declared[2]).decode("ascii") if declared else ""]
    return [name.lower() for name in found if name and name.lower() not in _SAID_BY_DEFAULT]


def _guess(body: bytes) -> str:
    # 3 MB of alphabets that a daemon needs only when a page says nothing about its charset
    from charset_normalizer import from_bytes  # noqa: PLC0415

    found = from_bytes(body[:_SAMPLE], cp_isolation=["utf_8", "cp1256", "cp1252", "utf_16"]).best()
    return found.encoding if found else "utf-8"


def _try(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (LookupError, ValueError):
        return None
