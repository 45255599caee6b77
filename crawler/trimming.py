"""Cuts what is no body from the records chosen: heads that repeat, datelines, captions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import Final

from crawler.article import BlockKind
from crawler.choice import Choice
from crawler.density import Record, Scan
from crawler.endings import without_tail

_WORD: Final = re.compile(r"\w+")
_LEAD_NAME: Final = re.compile(
    r"(?:^|[^a-z])(?:dek|deck|sub-?title|subtitulo|sub-?head(?:line|ing)?|stand-?first|lead|lede"
    r"|leadin|summary|excerpt|intro|introtext|abstract|sapo|chapeau|bajada|entradilla|strapline"
    r"|tagline|synopsis)(?![a-z])"
)
_CAPTION_START: Final = re.compile(
    r"(?:©|\(?(?:Image|Photo|Picture|Foto|Bild|Credit|Source|عکس|تصویر)s?\s*"
    r"(?:credit|source|courtesy)?\s*[:©]|Image \d+ of \d+|FILE PHOTO|Advertisements?$|Advert$"
    r"|Getty Images)",
    re.IGNORECASE,
)
_CAPTION_INITIALS: Final = frozenset("©(IPFBCSAGipfbcsagعت")  # of all that the last can match
_CAPTION_END: Final = re.compile(
    r"\((?:Image|Photo|Credit|Pic|Picture|Photograph)s?\s*:[^)]*\)\s*$"
    r"|\|\s*(?:Getty|AP|Reuters)[^.]{0,30}$|(?:Getty Images|AP Photo|Shutterstock|iStock)[^.]{0,25}"
    r"\)?$",
    re.IGNORECASE,
)
_CAPTION_END_LENGTH: Final = 90
_AGENCY: Final = re.compile(r"Getty|Photo|stock|\| (?:AP|Reuters)")
_SENTENCE_END: Final = re.compile(r"[.!?؟…۔。:»”\"]\s*$")
_DATELINE: Final = re.compile(
    r"\b(?:19|20)\d\d\b.*\d\d?[:h.]\d\d"
    r"|^\s*(?:by|published|updated|posted|publicado|tempo de leitura|reading time"
    r"|\d+ min(?:ute)?s? read)\b"
    r"|^\W*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*\d{4}"
    r"|^\w+\.? \d{1,2}, \d{4}$|^\d{1,2} \w+,? \d{4}"
    r"|^\W*(?:تاریخ انتشار|زمان انتشار|کد ?خبر|شناسه خبر|نویسنده|منتشر شده)\s*[:：]",
    re.IGNORECASE,
)
NO_ROW: Final = -1
_CELLS: Final = frozenset({"td", "th"})
_LONGER: Final = 1.3  # marks and white space that comparing leaves out
_LONG_TITLE: Final = 15  # letters from which a text inside the page's title is a repeat of it
_BODY_WEIGHT: Final = 60.0  # a record of that weight is the first of the body
_LEAD_WEIGHT: Final = 20.0
_BEFORE_BODY: Final = 12  # records looked at for a lead
_SHORT: Final = 100
_DATELINE_LENGTH: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What a page says elsewhere of its title, and of its description."""

    titles: frozenset[str]
    page_title: str
    descriptions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """The records of the body, the lead that stood before them, and the short texts before it.

    `rows` runs parallel to `records`: the table row of one that is a cell, else `NO_ROW`.
    """

    records: tuple[Record, ...]
    lead: str | None
    labels: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


def plain(text: str) -> str:
    """Return the words of a text, lower-case, for comparing heads."""
    return " ".join(_WORD.findall(text.lower()))


def heads(titles: Iterable[str], page_title: str, descriptions: Iterable[str]) -> Heads:
    """Bring what a page repeats into the form that is compared."""
    return Heads(
        titles=frozenset(filter(None, map(plain, dict.fromkeys(titles)))),
        page_title=plain(page_title),
        descriptions=frozenset(filter(None, map(plain, dict.fromkeys(descriptions)))),
    )


def trim(found: Scan, choice: Choice, printed: Heads) -> Trimmed:
    """Cut repeated heads, datelines, captions, repetitions, and what stands behind the end."""
    chosen = [record for record in choice.body() if not _is_caption(record.text)]
    head = _Head(found, choice, printed)
    body: dict[str | int, Record] = {}
    for record in chosen:
        match head.judge(record, is_last=record is chosen[-1]):
            case _Verdict.KEEP:
                body.setdefault(_said(record), record)
            case _Verdict.TITLE:
                body.clear()
            case _Verdict.CUT:
                pass
    lead = head.lead or (head.lead_before(next(iter(body.values()))) if body else None)
    kept = without_tail([*body.values()], choice)
    labels = [*islice(choice.before(kept[0]), _BEFORE_BODY)] if kept else []
    return Trimmed(
        records=tuple(kept),
        lead=lead,
        labels=tuple(each.text for each in labels if len(each.text) < _SHORT),
        rows=tuple(_row(record, found) for record in kept),
    )


def _row(record: Record, found: Scan) -> int:
    """Return the table row in which a record is a cell; a cell of several blocks is a layout."""
    cell = found.containers[record.container]
    if cell.tag not in _CELLS or cell.end - cell.first > 1:
        return NO_ROW
    is_row = found.containers[cell.parent].tag == "tr"
    return cell.parent if is_row else NO_ROW


def _said(record: Record) -> str | int:
    """Return what makes a record a repetition: its text when it is long, else itself alone."""
    return record.text if len(record.text) > _SHORT else id(record)


def _is_caption(text: str) -> bool:
    if text[0] in _CAPTION_INITIALS and _CAPTION_START.match(text):
        return True
    if text[-1] == ".":  # as most paragraphs and no caption's end
        return False
    tail = text[-_CAPTION_END_LENGTH:]
    if tail[-1] != ")" and not _AGENCY.search(tail):
        return False
    return bool(_CAPTION_END.search(tail))


class _Verdict(Enum):
    """What becomes of a record: a title before the body also cuts all before it (the kicker)."""

    KEEP = auto()
    CUT = auto()
    TITLE = auto()


class _Head:
    """Judges record by record; after the first paragraph only repeats of the title go."""

    def __init__(self, found: Scan, choice: Choice, printed: Heads) -> None:
        self.lead: str | None = None
        self._containers = found.containers
        self._choice = choice
        self._printed = printed
        said = (*printed.titles, *printed.descriptions, printed.page_title)
        self._longest = _LONGER * max(map(len, said))
        self._longest_title = _LONGER * max(map(len, printed.titles), default=0)
        self._in_body = False

    def judge(self, record: Record, *, is_last: bool) -> _Verdict:
        """Judge a record; remember a lead that goes."""
        if self._in_body:
            return _Verdict.CUT if self._repeats_title(record) else _Verdict.KEEP
        is_short = len(record.text) <= self._longest
        words = plain(record.text) if is_short else record.text
        if self._is_title(record, words):
            return _Verdict.TITLE
        if self._is_label(record):
            return _Verdict.CUT
        if not is_last and self._is_lead(record, words):
            self.lead = self.lead or record.text
            return _Verdict.CUT
        self._in_body = record.weight > _BODY_WEIGHT
        return _Verdict.KEEP

    def _repeats_title(self, record: Record) -> bool:
        if not _LONG_TITLE < len(record.text) <= self._longest_title:
            return False
        words = plain(record.text)
        return words in self._printed.titles and len(words) > _LONG_TITLE

    def lead_before(self, first: Record) -> str | None:
        """Return the lead that stands between the title and the first record of the body."""
        for record in islice(self._choice.before(first), _BEFORE_BODY):
            if self._containers[record.container].tag == "h1":
                return None
            words = plain(record.text)
            is_text = not record.is_furniture and record.weight > _LEAD_WEIGHT
            if is_text and self._is_lead(record, words):
                return record.text
        return None

    def _is_title(self, record: Record, words: str) -> bool:
        if self._containers[record.container].tag == "h1" or words in self._printed.titles:
            return True
        return len(words) > _LONG_TITLE and words in self._printed.page_title

    def _is_lead(self, record: Record, words: str) -> bool:
        host = self._choice.host(record)
        label = self._containers[record.container].label
        if host == self._choice.main:
            return False
        label += self._containers[host].label
        return words in self._printed.descriptions or bool(_LEAD_NAME.search(label.lower()))

    def _is_label(self, record: Record) -> bool:
        size = len(record.text)
        if size < _DATELINE_LENGTH and _DATELINE.search(record.text):
            return True
        if size >= _SHORT or record.kind is not BlockKind.PARAGRAPH:
            return False
        in_main = self._choice.host(record) == self._choice.main
        return not in_main and not _SENTENCE_END.search(record.text)
