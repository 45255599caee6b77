"""Find the reporter a text names: «گزارش: نام», «به قلم نام», «انتهای خبر/ نام»."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from crawler.article import Block
from crawler.printed_lines import Line
from crawler.tails import closing_name
from persian.fold import fold

_NAME: Final = r"(?P<name>[^\W\d_]{2,}(?:[ \u200c][^\W\d_]+){1,3})"
_LABELLED: Final = re.compile(
    r"(?:\A|(?<=[.!؟»…])\s?)[^\w\n]{0,4}"
    r"(?:(?:گزارش(?:گر)?|خبرنگار|نویسنده|نگارنده|یادداشت|گفت[\s\u200c]?و?[\s\u200c]?گو|مصاحبه"
    r"|تهیه[\s\u200c]?و[\s\u200c]?تنظیم|تهیه[\s\u200c]?کننده)\s?(?::|؛|/|از\s?:?)|به قلم\s?:?)"
    rf"\s?{_NAME}[\s.:()/\-*]*\Z"
)
_SIGNS: Final = (
    "گزارش", "خبرنگار", "نویسنده", "نگارنده", "یادداشت", "گو", "مصاحبه", "تهیه", "قلم",
)  # fmt: skip
_MOST_WORDS: Final = 12  # of label and name together, however they are joined
_FIRST_BLOCKS: Final = 2
_LAST_BLOCKS: Final = 2


def find_reporter(blocks: Sequence[Block], tail: str | None = None) -> str | None:
    """Return the reporter's name as printed, or None when the text names none.

    Looks at the tail, then at the ends of the body, where reporters sign; a sentence about a
    reporter is no signature.
    """
    return next(_signatures(blocks, tail), None)


def _signatures(blocks: Sequence[Block], tail: str | None) -> Iterator[str]:
    for printed in (tail or "").split("\n"):
        line = Line(printed, 0)
        span = closing_name(line.text)
        if span is not None:
            yield line.printed(*span)[0]
        yield from _labelled(line)
    for block in (*blocks[-_LAST_BLOCKS:], *blocks[:_FIRST_BLOCKS]):
        last = block.text.rsplit("\n", 1)[-1]
        if _may_be_labelled(last):
            yield from _labelled(Line(last, 0))


def _may_be_labelled(printed: str) -> bool:
    """Say quickly whether a line may end in a label and a name: most are long sentences."""
    end = fold(" ".join(printed.split()[-_MOST_WORDS:]))
    return any(sign in end for sign in _SIGNS)


def _labelled(line: Line) -> Iterator[str]:
    found = _LABELLED.search(line.text)
    if found is not None:
        yield line.printed(*found.span("name"))[0]
