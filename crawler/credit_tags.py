"""Read the credits at the end of a text: «منبع: Z», «مرجع : Z», an address, a bare name."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.article import Credit, CreditKind
from crawler.name_phrases import NamePhrase, NameReader, credit_of
from crawler.names import Resolved
from crawler.printed_lines import Line

_TAG: Final = re.compile(
    r"(?:\A|[.!؟»؛)/]\s?)[^\w\n]{0,4}(?:منبع|مرجع)(?:\s(?:خبر|متن|مطلب|اصلی))?\s?[:؛]\s?(?P<named>\S.{0,160})\Z"
)
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,6}\S*"
)
_LINK: Final = re.compile(r"\s?(?:(?P<list>،|,|\sو\s)|[/|\-])\s?")
_END: Final = re.compile(r"\s?(?:\Z|[،,/|\-().؛:\]»\"]|و\s)")
_EDGE: Final = " .،؛:/-()[]«»\"'*|"
_SIGNS: Final = ("منبع", "مرجع", "انتهای", "**")
_CODE_END: Final = re.compile(r"[/\d]\s?\Z|/.{0,12}\Z")
_LONGEST_CODE: Final = 14  # characters
_SHORT: Final = 60  # characters
_LONGEST_BARE: Final = 5  # words of a line that is nothing but a name


def may_tag(folded: str) -> bool:
    """Say quickly whether a folded line may be a tag, a name or end in a code."""
    if len(folded) < _SHORT or any(sign in folded for sign in _SIGNS):
        return True
    return _CODE_END.search(folded, len(folded) - _LONGEST_CODE) is not None


def tag_credits(line: Line, reader: NameReader) -> Iterator[Credit]:
    """Yield the sources that a line tags, in order."""
    tag = _TAG.search(line.text)
    if tag is None:
        return
    start, end = tag.span("named")
    for phrase in _named(line, start, end, reader):
        yield credit_of(CreditKind.SOURCE_TAG, line, phrase)


def _named(line: Line, start: int, end: int, reader: NameReader) -> list[NamePhrase]:
    address = _ADDRESS.search(line.text, start, end)
    if address is not None and not line.text[start : address.start()].strip(_EDGE):
        return [_addressed(address, line, reader)]
    names = list(_listed(line, start, end, reader))
    if not names and address is not None:
        return [_addressed(address, line, reader)]
    return names or [_whole(line, start, end)]


def bare_credit(line: Line, reader: NameReader) -> Iterator[Credit]:
    """Yield the source when a line is nothing but the name of one the directory knows."""
    if not 0 < len(line.tokens) <= _LONGEST_BARE:
        return
    phrase = reader.known(line, 0, institutions=False)
    if phrase is not None and not line.text[phrase.end :].strip(_EDGE):
        yield credit_of(CreditKind.SOURCE_TAG, line, phrase)


def _addressed(address: re.Match[str], line: Line, reader: NameReader) -> NamePhrase:
    start = address.start()
    end = start + len(address[0].rstrip(_EDGE.replace("/", "")))
    outlet_id = reader.directory.outlet_at(line.printed(start, end)[0])
    return NamePhrase(
        start=start,
        end=end,
        resolved=Resolved(outlet_id=outlet_id),
        is_own=outlet_id == reader.own.outlet_id,
    )


def _listed(line: Line, start: int, end: int, reader: NameReader) -> Iterator[NamePhrase]:
    """Yield the names of «ایسنا، مهر» up to what is no name («ایسنا / کد خبر ۱۲»).

    Nothing unless the first name is known; after a comma or «و» an unknown name is one too.
    """
    position, is_list = start, False
    while position < end:
        phrase = reader.read(line, position)
        if phrase is None or not phrase.is_known or not _END.match(line.text, phrase.end):
            if is_list and not any(c.isdigit() for c in line.text[position:end]):
                yield _whole(line, position, end)
            return
        yield phrase
        link = _LINK.match(line.text, phrase.end)
        if link is None:
            return
        position, is_list = link.end(), link["list"] is not None


def _whole(line: Line, start: int, end: int) -> NamePhrase:
    """Take the rest of the tag as a name; «(+)» keeps its signs, it says there is a link."""
    named = line.text[start:end]
    inner = named.strip(_EDGE)
    if not inner.strip("+"):
        return NamePhrase(start=start, end=end, resolved=None)
    first = start + named.index(inner)
    return NamePhrase(start=first, end=first + len(inner), resolved=None)
