"""Ends a body where other stories, comments or notices begin."""

import re
from collections.abc import Sequence
from enum import StrEnum, auto
from typing import Final

from crawler.article import BlockKind
from crawler.choice import Choice
from crawler.density import Record


class _Mark(StrEnum):
    """What a short record announces."""

    OTHER_STORIES = auto()
    AFTERWORD = auto()
    LABEL = auto()


_MARK: Final = re.compile(  # of lower-case text, as the next
    r"\W*(?:(?P<other_stories>"
    r"related(?: (?:articles?|posts?|stor(?:y|ies)|news|coverage|content|links?|topics?"
    r"|reading))?|(?:you )?(?:may|might) (?:also )?(?:like|be interested).{0,30}"
    r"|more (?:from|on|in|news|stories|like|about).{0,40}|read (?:more|also|next).{0,20}|see also"
    r"|also read|recommended.{0,30}|explore further|want more.{0,40}"
    r"|latest (?:news|posts|stories)|popular (?:posts|stories)|trending.{0,20}"
    r"|بیشتر بخوانید|همچنین بخوانید|مطالب مرتبط|(?:اخبار|خبرهای|خبر) مرتبط"
    r")|(?P<afterword>"
    r"comments?(?: \(\d+\))?|\d+ comments?|leave a (?:comment|reply)"
    r"|join the conversation.{0,10}|tell us what you think.{0,5}|filed under.*|tags?:?.{0,80}"
    r"|about the authors?|what do you think.{0,3}|(?:post )?navigation|previous (?:post|article)"
    r"|next (?:post|article)|نظرات(?: کاربران| شما)?|دیدگاه‌?(?:ها)?(?: شما| کاربران)?"
    r"|ارسال (?:نظر|دیدگاه)|برچسب‌? ?ها|نظر شما.{0,20}"
    r")|(?P<label>"
    r"share this.{0,30}|share:?|subscribe.{0,40}|sign up.{0,60}|follow us.{0,60}"
    r"|advertisement|لینک کوتاه.{0,60}|اشتراک‌? ?گذاری.{0,20}|تبلیغ(?:ات)?"
    r"))\W*$"
)
_NOTICE: Final = re.compile(  # ignoring the case would take twice as long
    r"\b(?:subscribe|sign up|newsletter|follow (?:us|him|her|me|\w+ on)|click here|have a tip"
    r"|write to|reporting by|contributed to this report|contributing|e-?mail .{1,40}@|@\w+\.\w+"
    r"|all rights reserved|copyright|like this story|support (?:us|our|independent)|donate"
    r"|if you enjoyed|originally (?:published|appeared)|this article was|read our"
    r"|listen (?:to|live)|associated press writers?|additional reporting)\b|twitter\.com/|^\W*©"
)
_SENTENCE_END: Final = re.compile(r"[.!?؟…۔。:»”\"]\s*$")
_MARKER_LENGTH: Final = 80
_NOTICE_LENGTH: Final = 300
_CRUMB_LENGTH: Final = 60
_PARAGRAPH_WEIGHT: Final = 40.0
_REST: Final = 0.4  # what stands behind an end may be at most that part of the body
_BEFORE: Final = 0.3


def without_tail(body: Sequence[Record], choice: Choice) -> list[Record]:
    """Return the body up to its end, boxes of other stories within it left out.

    Behind «بیشتر بخوانید» the body goes on where another of its paragraphs follows; behind a late
    heading of that kind, and behind the comments', it does not.
    """
    total = sum(record.weight for record in body)
    before, kept, resume_at = 0.0, [], 0
    for index, record in enumerate(body):
        if index < resume_at:
            continue
        marker = _marker(record)
        if marker is None:
            before += record.weight
            kept.append(record)
        elif marker is not _Mark.LABEL:
            following = _next_paragraph(body, index, choice)
            is_late = before > _BEFORE * total and total - before < _REST * total
            is_end = (
                marker is _Mark.AFTERWORD or record.kind is BlockKind.HEADING or following is None
            )
            if is_late and is_end:
                break
            if marker is _Mark.OTHER_STORIES and following is not None:
                resume_at = following
    while len(kept) > 1 and _is_tail(kept[-1], choice):
        kept.pop()
    return kept


def _marker(record: Record) -> _Mark | None:
    found = _MARK.match(record.text.lower()) if len(record.text) < _MARKER_LENGTH else None
    return _Mark(found.lastgroup) if found and found.lastgroup else None


def _next_paragraph(body: Sequence[Record], index: int, choice: Choice) -> int | None:
    """Return the place of the next paragraph that stands where the story's paragraphs stand."""
    for place in range(index + 1, len(body)):
        record = body[place]
        if record.weight > _PARAGRAPH_WEIGHT and choice.host(record) == choice.main:
            return place
    return None


def _is_tail(record: Record, choice: Choice) -> bool:
    size = len(record.text)
    if record.kind is BlockKind.HEADING:
        return True
    if size < _NOTICE_LENGTH and _NOTICE.search(record.text.lower()):
        return True
    is_crumb = size < _CRUMB_LENGTH and record.kind is BlockKind.PARAGRAPH
    in_main = choice.host(record) == choice.main
    return is_crumb and not in_main and not _SENTENCE_END.search(record.text)
