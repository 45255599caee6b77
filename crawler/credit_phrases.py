"""Read the credits in sentences: «به گزارش X», «به نقل از Y», «گفت‌وگو با خبرنگار X», «Z نوشت»."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.article import Credit, CreditKind
from crawler.name_phrases import NamePhrase, NameReader, credit_of
from crawler.printed_lines import Line

_START: Final = r"(?<![^\W_])(?<!\u200c)"
_END: Final = r"(?![^\W_]|\u200c)"
_GO: Final = r"گفت[\s\u200c]?و?[\s\u200c]?گو(?:ی|یی)?(?:\s[^\W\d_]{2,12})?\sبا"  # four spellings
_SAYING: Final = re.compile(
    rf"{_START}(?:"
    r"(?P<reported>(?:به|ب|بنا\s?بر|بنا\sبه|طبق|بر\s?اساس)[\s\u200c]?گزارش)"
    r"|(?P<quoted>(?:به|ب)?[\s\u200c]?نقل[\s\u200c]?از|به\sنوشته|برگرفته\sاز)"
    rf"|(?P<interview>{_GO}|(?:به|با)(?=\sخبرنگار\s)))"
    rf"{_END}"
)
_WROTE: Final = re.compile(
    rf"{_START}(?:نوشت|می[\s\u200c]?نویسد|گزارش داد|خبر داد|اورده است|نوشته است){_END}"
)
_SIGNS: Final = (
    "گزارش",
    "نقل",
    "نوشت",
    "خبرنگار",
    "گفت و",
    "گفت\u200cو",
    "گفتگو",
    "گفتو",
    "برگرفته",
    "نویسد",
    "خبر داد",
    "اورده است",
    "گفت گو",
    "گفت\u200cگو",
)
# «با اشاره به گزارش بانک مرکزی» speaks about a report and does not come from it.
_MENTION: Final = re.compile(r"(?:اشاره|استناد|پاسخ|نسبت|توجه|واکنش|عنایت|انتقاد|اعتراض)\s\Z")
_SENTENCE_START: Final = re.compile(r"(?:\A|[.؛،:»)!؟/\-\]«…\"])\s?(?:و\s)?\Z")
_CLAUSE_START: Final = re.compile(r"(?:«[^«»]{1,40}»|[^.،؛:!؟«»()/\[\]…\-])*\Z")
_IN_A_REPORT: Final = re.compile(
    r"[»\"]?\s?(?:در (?:گزارشی|خبری|یادداشتی|مطلبی|تحلیلی)(?: \S{1,15})?|هم|نیز)?\s?"
)
_AND: Final = re.compile(r"\s(?:و|،)\s")
_LONGEST_LINK: Final = 80  # characters between two names of one chain or before a verb


def signs_of_saying(folded: str) -> tuple[str, ...]:
    """Return the signs of such credits that a folded text holds; a line without them has none."""
    return tuple(sign for sign in _SIGNS if sign in folded)


def phrase_credits(line: Line, reader: NameReader) -> Iterator[Credit]:
    """Yield the credits of one line in order."""
    found = [*_sayings(line, reader), *_writers(line, reader)]
    found.sort(key=lambda item: item[1].start)
    last: NamePhrase | None = None
    for kind, phrase in found:
        if last is not None and phrase.start < last.end:
            continue
        if phrase.is_press or _stands_out(line, phrase, last):
            yield credit_of(kind, line, phrase)
            last = phrase


def _sayings(line: Line, reader: NameReader) -> Iterator[tuple[CreditKind, NamePhrase]]:
    for match in _SAYING.finditer(line.text):
        before = line.text[max(0, match.start() - _LONGEST_LINK) : match.start()]
        phrase = reader.read(line, match.end())
        if phrase is None or _MENTION.search(before):
            continue
        if match["interview"] is not None:
            if phrase.is_press:
                yield CreditKind.INTERVIEW, phrase
            continue
        kind = CreditKind.REPORTED_BY if match["reported"] else CreditKind.QUOTED_FROM
        yield kind, phrase
        yield from ((kind, other) for other in _further(line, phrase, reader))


def _further(line: Line, phrase: NamePhrase, reader: NameReader) -> Iterator[NamePhrase]:
    """Yield the names joined to a known one: «به نقل از ایسنا و ایرنا»."""
    while phrase.is_known:
        link = _AND.match(line.text, phrase.end)
        if link is None or "،" in link[0]:
            return
        following = reader.known(line, line.index_at(link.end()))
        if following is None or following.start != link.end():
            return
        yield following
        phrase = following


def _writers(line: Line, reader: NameReader) -> Iterator[tuple[CreditKind, NamePhrase]]:
    for match in _WROTE.finditer(line.text):
        begin = max(0, match.start() - _LONGEST_LINK)
        clause = _CLAUSE_START.search(line.text, begin, match.start())
        start = clause.start() if clause else match.start()
        phrase = reader.read(line, start)
        if phrase is None or not _IN_A_REPORT.fullmatch(line.text, phrase.end, match.start()):
            continue
        if phrase.is_press or _follows_report(line, start):
            yield CreditKind.PREFIX, phrase


def _follows_report(line: Line, start: int) -> bool:
    """Recognise the second name of «به گزارش خبرگزاری مهر، رسالت نوشت»."""
    before = line.text[max(0, start - _LONGEST_LINK) : start]
    said = list(_SAYING.finditer(before))
    return bool(said) and before[said[-1].end() :].count("،") == 1


def _stands_out(line: Line, phrase: NamePhrase, last: NamePhrase | None) -> bool:
    """Say whether a name that is no outlet's is a credit, and not who said one thing in the text.

    It is at a sentence's start or behind another credit.
    """
    if last is not None and phrase.start - last.end < _LONGEST_LINK:
        return True
    before = line.text[max(0, phrase.start - _LONGEST_LINK) : phrase.start]
    said = list(_SAYING.finditer(before))
    if not said:
        return False
    return _SENTENCE_START.search(before[: said[-1].start()]) is not None
