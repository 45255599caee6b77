"""Find who a text says it comes from: «به گزارش X», «به نقل از Y», «منبع: Z», «ایرنا/» and so on.

Every statement becomes a `Credit` with its place in the printed text, in the order of the text, so
a chain («به گزارش مشرق به نقل از فارس») stays a chain. The outlet's own name is marked and kept:
half of all «به گزارش» name the outlet itself (measured on 904 pages of Kerman news). A name that
nobody has mapped stays as data; `unresolved_names` lists them for the operator.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from crawler.article import Credit, CreditKind
from crawler.credit_openings import may_open, opening_credits
from crawler.credit_phrases import phrase_credits, signs_of_saying
from crawler.credit_tags import bare_credit, may_tag, tag_credits
from crawler.name_phrases import NamePhrase, NameReader, credit_of
from crawler.names import NameDirectory, OwnNames
from crawler.printed_lines import Line
from crawler.tails import closing_codes, split_tail
from persian.fold import fold

__all__ = ["NameDirectory", "OwnNames", "find_credits", "split_tail", "unresolved_names"]

_FIRST_LINES: Final = 3  # lead, its repetition and the first paragraph may open with a credit
_LAST_LINES: Final = 4  # source tag, closing, code and number stand each on a line of its own
_LONGEST_OPENING: Final = 300  # characters; a credit that opens a text ends long before
_LONGEST_LINE: Final = 20_000  # a longer line is no paragraph; only its head is read
_ANONYMOUS: Final = re.compile(
    r"(?<![^\W_])(?:منبعی?|منابع|مقامی?|مقامات|شاهدان?|مسیولی?)(?![^\W_])"
    r"|\Aروابط[\s\u200c]?عمومی\Z"
)


def find_credits(
    text: str, *, outlet: OwnNames, directory: NameDirectory, tail: str | None = None
) -> tuple[Credit, ...]:
    """Return every statement of origin in a text, in its order, those of its tail last.

    `text` is `Article.text`; offsets count in it. Credits of the `tail` that was split off have no
    offsets. Time is linear in the length of the text.
    """
    reader = NameReader(outlet, directory)
    found = list(_credits(text, reader))
    if tail:
        tail_credits = _credits(f"\n\n\n{tail}", reader)
        found += [replace(credit, start=None, end=None) for credit in tail_credits]
    return tuple(found)


def unresolved_names(found: Iterable[Credit]) -> Counter[str]:
    """Count the names that no outlet and no body answers to, for the operator to map.

    Anonymous sources («یک منبع آگاه», «روابط عمومی»), closing codes and bare links name nobody.
    """
    return Counter(
        credit.name
        for credit in found
        if credit.kind is not CreditKind.CLOSING_CODE
        and not (credit.outlet_id or credit.body or credit.is_own)
        and not is_anonymous(credit.name)
    )


def is_anonymous(name: str) -> bool:
    """Say whether a name hides who speaks («یک منبع آگاه») or holds no letter («(+)»)."""
    return not any(c.isalpha() for c in name) or _ANONYMOUS.search(fold(name)) is not None


def _credits(text: str, reader: NameReader) -> Iterator[Credit]:
    printed = text.split("\n")
    lines = _folded(text, printed)
    signs = signs_of_saying("\n".join(lines))
    last = len(lines) - _LAST_LINES
    offset = 0
    for number, (line, folded) in enumerate(zip(printed, lines, strict=True)):
        opens = number < _FIRST_LINES and may_open(folded)
        says = any(sign in folded for sign in signs)
        tags = number >= last and may_tag(folded)
        if folded and (opens or says or tags):
            longest = _LONGEST_LINE if says or tags else _LONGEST_OPENING
            read = Line(line[:longest], offset)
            yield from _in_line(read, reader, opens=opens, says=says, tags=tags)
        offset += len(line) + 1


def _folded(text: str, printed: Sequence[str]) -> Sequence[str]:
    """Fold every line: at once, a third of the time, unless blank lines go or others appear."""
    lines = fold(text).split("\n")
    return lines if len(lines) == len(printed) else [*map(fold, printed)]


def _in_line(
    line: Line, reader: NameReader, *, opens: bool, says: bool, tags: bool
) -> Iterator[Credit]:
    found = list(tag_credits(line, reader)) if tags else []
    found += opening_credits(line, reader) if opens and not found else ()
    found += phrase_credits(line, reader) if says else ()
    if tags:
        found += bare_credit(line, reader) if not found else ()
        found += _closings(line)
    yield from _one_after_another(found)


def _one_after_another(found: list[Credit]) -> Iterator[Credit]:
    """Yield the credits in order; of two that overlap, the first."""
    end = -1
    for credit in sorted(found, key=_place):
        start, credit_end = _place(credit)
        if start >= end:
            yield credit
            end = credit_end


def _place(credit: Credit) -> tuple[int, int]:
    return credit.start or 0, credit.end or 0


def _closings(line: Line) -> Iterator[Credit]:
    for start, end in closing_codes(line.text):
        phrase = NamePhrase(start=start, end=end, resolved=None)
        yield credit_of(CreditKind.CLOSING_CODE, line, phrase)
