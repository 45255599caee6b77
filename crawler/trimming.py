"""Cuts what is no body from the records chosen: heads that repeat, bylines, captions, tails."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from crawler.article import BlockKind
from crawler.choice import Choice
from crawler.density import Record, Scan

_WORD: Final = re.compile(r"\w+")
_LEAD_NAME: Final = re.compile(
    r"(?:^|[^a-z])(?:dek|deck|sub-?title|subtitulo|sub-?head(?:line|ing)?|stand-?first|lead|lede"
    r"|leadin|summary|excerpt|intro|introtext|abstract|sapo|chapeau|bajada|entradilla|strapline"
    r"|tagline|synopsis)(?![a-z])"
)
_CAPTION_START: Final = re.compile(
    r"\s*(?:©|\(?(?:Image|Photo|Picture|Foto|Bild|Credit|Source|عکس|تصویر)s?\s*"
    r"(?:credit|source|courtesy)?\s*[:©]|Image \d+ of \d+|FILE PHOTO|Advertisements?$|Advert$"
    r"|Getty Images)",
    re.IGNORECASE,
)
_CAPTION_END: Final = re.compile(
    r"\((?:Image|Photo|Credit|Pic|Picture|Photograph)s?\s*:[^)]*\)\s*$"
    r"|\|\s*(?:Getty|AP|Reuters)[^.]{0,30}$|(?:Getty Images|AP Photo|Shutterstock|iStock)[^.]{0,25}"
    r"\)?$",
    re.IGNORECASE,
)
_CAPTION_END_LENGTH: Final = 90
_AGENCIES: Final = ("Getty", "Photo", "stock", "| AP", "| Reuters")
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
_STOP: Final = re.compile(
    r"\W*(?:related(?: (?:articles?|posts?|stor(?:y|ies)|news|coverage|content|links?|topics?"
    r"|reading))?|(?:you )?(?:may|might) (?:also )?(?:like|be interested).{0,30}"
    r"|more (?:from|on|in|news|stories|like|about).{0,40}|read (?:more|also|next).{0,20}|see also"
    r"|also read|recommended.{0,30}|comments?(?: \(\d+\))?|\d+ comments?|leave a (?:comment|reply)"
    r"|join the conversation.{0,10}|tell us what you think.{0,5}|filed under.*|tags?:?.{0,80}"
    r"|about the authors?|explore further|want more.{0,40}|what do you think.{0,3}"
    r"|latest (?:news|posts|stories)|popular (?:posts|stories)|trending.{0,20}"
    r"|(?:post )?navigation|previous (?:post|article)|next (?:post|article)"
    r"|بیشتر بخوانید|همچنین بخوانید|مطالب مرتبط|(?:اخبار|خبرهای|خبر) مرتبط|نظرات(?: کاربران| شما)?"
    r"|دیدگاه‌?(?:ها)?(?: شما| کاربران)?|ارسال (?:نظر|دیدگاه)|برچسب‌? ?ها|نظر شما.{0,20})\W*$",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"\W*(?:share this.{0,30}|share:?|subscribe.{0,40}|sign up.{0,60}|follow us.{0,60}"
    r"|advertisement|لینک کوتاه.{0,60}|اشتراک‌? ?گذاری.{0,20}|تبلیغ(?:ات)?)\W*$",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"\b(?:subscribe|sign up|newsletter|follow (?:us|him|her|me|\w+ on)|click here|have a tip"
    r"|write to|reporting by|contributed to this report|contributing|e-?mail .{1,40}@|@\w+\.\w+"
    r"|all rights reserved|copyright|like this story|support (?:us|our|independent)|donate"
    r"|if you enjoyed|originally (?:published|appeared)|this article was|read our"
    r"|listen (?:to|live)|associated press writers?|additional reporting)\b|twitter\.com/|^\W*©",
    re.IGNORECASE,
)
_LONGER: Final = 1.3  # marks and white space that comparing leaves out
_LONG_TITLE: Final = 15  # letters from which a text inside the page's title is a repeat of it
_BODY_WEIGHT: Final = 60.0  # a record of that weight is the first of the body
_BEFORE_BODY: Final = 12  # records looked at for a lead
_SHORT: Final = 100
_DATELINE_LENGTH: Final = 90
_STOP_LENGTH: Final = 80
_NOTICE_LENGTH: Final = 300
_CRUMB_LENGTH: Final = 60
_REST: Final = 0.4  # what stands behind a stop heading may be at most that part of the body
_BEFORE: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What a page says elsewhere of its title, and of its description."""

    titles: frozenset[str]
    page_title: str
    descriptions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """The records of the body, and the lead that stood before them."""

    records: tuple[Record, ...]
    lead: str | None


def plain(text: str) -> str:
    """Return the words of a text, lower-case, for comparing heads."""
    return " ".join(_WORD.findall(text.lower()))


def heads(titles: Iterable[str], page_title: str, descriptions: Iterable[str]) -> Heads:
    """Bring what a page repeats into the form that is compared."""
    return Heads(
        titles=frozenset(filter(None, map(plain, titles))),
        page_title=plain(page_title),
        descriptions=frozenset(filter(None, map(plain, descriptions))),
    )


def trim(found: Scan, choice: Choice, printed: Heads) -> Trimmed:
    """Cut repeated heads, datelines, captions, stop headings with what follows, and notices."""
    chosen = [record for record in choice.body() if not _is_caption(record.text)]
    head = _Head(found, choice, printed)
    body = [record for record in chosen if head.keeps(record, is_last=record is chosen[-1])]
    first: dict[str | int, Record] = {}
    for record in body:
        first.setdefault(_said(record), record)
    lead = head.lead or head.lead_before()
    return Trimmed(records=tuple(_without_tail([*first.values()], choice)), lead=lead)


def _said(record: Record) -> str | int:
    """Return what makes a record a repetition: its text when it is long, else itself alone."""
    return record.text if len(record.text) > _SHORT else id(record)


def _is_caption(text: str) -> bool:
    if _CAPTION_START.match(text):
        return True
    tail = text[-_CAPTION_END_LENGTH:]
    if tail[-1] != ")" and not any(name in tail for name in _AGENCIES):
        return False
    return bool(_CAPTION_END.search(tail))


class _Head:
    """Decides record by record; after the first paragraph only repeats of the title go."""

    def __init__(self, found: Scan, choice: Choice, printed: Heads) -> None:
        self.lead: str | None = None
        self._containers = found.containers
        self._choice = choice
        self._printed = printed
        said = (*printed.titles, *printed.descriptions, printed.page_title)
        self._longest = _LONGER * max(map(len, said))
        self._longest_title = _LONGER * max(map(len, printed.titles), default=0)
        self._in_body = False

    def keeps(self, record: Record, *, is_last: bool) -> bool:
        """Tell whether a record stays; remember a lead that goes."""
        size = len(record.text)
        if self._in_body:
            if not _LONG_TITLE < size <= self._longest_title:
                return True
            words = plain(record.text)
            return not (words in self._printed.titles and len(words) > _LONG_TITLE)
        words = plain(record.text) if size <= self._longest else record.text
        if self._is_title(record, words) or self._is_label(record):
            return False
        if not is_last and self._is_lead(record, words):
            self.lead = self.lead or record.text
            return False
        self._in_body = record.weight > _BODY_WEIGHT
        return True

    def lead_before(self) -> str | None:
        """Return the lead that stands between the title and the part that holds the article."""
        for record in islice(self._choice.before(), _BEFORE_BODY):
            words = plain(record.text)
            if self._is_title(record, words):
                return None
            is_text = not record.is_furniture and record.weight > _BODY_WEIGHT
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


def _without_tail(body: Sequence[Record], choice: Choice) -> list[Record]:
    total = sum(record.weight for record in body)
    before, kept = 0.0, []
    for record in body:
        if len(record.text) < _STOP_LENGTH:
            if _STOP.match(record.text):
                if before > _BEFORE * total and total - before < _REST * total:
                    break
                continue
            if _LABEL.match(record.text):
                continue
        before += record.weight
        kept.append(record)
    while len(kept) > 1 and _is_tail(kept[-1], choice):
        kept.pop()
    return kept


def _is_tail(record: Record, choice: Choice) -> bool:
    size = len(record.text)
    if record.kind is BlockKind.HEADING:
        return True
    if size < _NOTICE_LENGTH and _NOTICE.search(record.text):
        return True
    is_crumb = size < _CRUMB_LENGTH and record.kind is BlockKind.PARAGRAPH
    in_main = choice.host(record) == choice.main
    return is_crumb and not in_main and not _SENTENCE_END.search(record.text)
