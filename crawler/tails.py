"""Split the tail off a body: closings, desk codes, article numbers, source tags."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from crawler.article import Block
from persian.fold import fold, fold_with_offsets

_LETTERS: Final = r"[^\W\d_]{1,2}"
_CODE: Final = rf"(?:\d{{2,6}}|{_LETTERS})"
_CLOSING: Final = re.compile(
    r"(?:\A|(?<=[.!؟»…\s/*]))\*{0,3}\s?(?:انتهای|پایان)[\s\u200c]?(?:پیام|خبر|گزارش|متن|مطلب)"
    rf"(?P<code>\s?(?:[/:.*\-)][^\n]{{0,40}}|\d[^\n]{{0,16}}|{_LETTERS})?)\s?\Z"
)
# Alone on a line. Without a slash before it a code has longer numbers than a date or a fraction.
_CODES: Final = re.compile(
    rf"\A\s?(?:\.?/{_CODE}(?:/{_CODE})*/?"
    rf"|(?:\d{{3,6}}|{_LETTERS})(?:/\d{{3,6}})+/?"
    r"|\d{2,6}(?:\s?\*\*\s?\d{2,6})+"
    r"|\*{2,3}\s?\d{2,6}(?:\s?\*+)?)\s?\.?\Z"
)
_GLUED: Final = re.compile(rf"(?<=[.!؟»…])\s?/\s?{_CODE}(?:/{_CODE})*/?\s?\Z")
_STARRED: Final = re.compile(r"(?<=[.!؟»…\s])\*{2,3}\s?\d{2,6}(?:\s?\*+)?\s?\Z")
_NUMBER: Final = re.compile(r"\A\W{0,3}(?:کد|شناسه|شماره)\s?(?:خبر|مطلب|متن)\s?:?\s?\d+\W{0,3}\Z")
_TAG: Final = re.compile(r"\A\W{0,4}(?:منبع|مرجع)(?:\s(?:خبر|متن|مطلب|اصلی))?\s?[:؛].{0,160}\Z")
_MAY_CLOSE: Final = re.compile("نتها|پا|\u0640")  # cheap, before a whole block is folded
_MAY_END: Final = re.compile("نتها|[/*\u0640]")
_LONGEST_TAIL: Final = 240  # characters as printed; the patterns above match no longer line
_LOOKED_AT: Final = 12  # blocks from the end; what follows a closing is never longer


def split_tail(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], str | None]:
    """Return the body without its tail, and the tail as printed (lines joined by a line feed).

    Everything from «انتهای پیام» on is tail; before it, the trailing lines that are only a code, an
    article number or a source tag, and a code glued to the last sentence («./س»). The first block
    always stays.
    """
    kept = list(blocks)
    tail: list[str] = []
    closing = _closing_block(kept)
    if closing is not None:
        tail = [block.text for block in kept[closing:]]
        del kept[closing:]
    while len(kept) > 1 and _is_tail(kept[-1].text):
        tail.insert(0, kept.pop().text)
    if kept:
        text, glued = _unglue(kept[-1].text)
        if glued and text:
            kept[-1] = replace(kept[-1], text=text)
            tail.insert(0, glued)
    return tuple(kept), "\n".join(tail) or None


def closing_codes(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the span of the closing code of a folded line: «/60002/س», «./س», «7438/8154/2624»."""
    closing = _CLOSING.search(folded)
    if closing is not None:
        start, end = closing.span("code")
        code = folded[start:end].strip(" .")
        if _CODES.fullmatch(code):
            begin = start + closing["code"].index(code)
            yield begin, begin + len(code)
        return
    code_match = _CODES.search(folded) or _GLUED.search(folded) or _STARRED.search(folded)
    if code_match is not None:
        code = code_match[0].strip(" .")
        begin = code_match.start() + code_match[0].index(code)
        yield begin, begin + len(code)


def closing_name(folded: str) -> tuple[int, int] | None:
    """Return the span of the reporter's name in «انتهای خبر/ نام», else None."""
    closing = _CLOSING.search(folded)
    if closing is None:
        return None
    name = closing["code"].strip(" ./:-")
    if _CODES.fullmatch(f"/{name}") or not name.replace(" ", "").replace("\u200c", "").isalpha():
        return None
    begin = closing.start("code") + closing["code"].index(name)
    return begin, begin + len(name)


def _closing_block(blocks: Sequence[Block]) -> int | None:
    """Return the index of the block that is the closing; the first block of a body never is."""
    for index in range(len(blocks) - 1, max(0, len(blocks) - _LOOKED_AT), -1):
        text = blocks[index].text
        if len(text) > _LONGEST_TAIL or not _MAY_CLOSE.search(text):
            continue
        found = _CLOSING.search(fold(text))
        if found is not None and found.start() == 0:
            return index
    return None


def _is_tail(text: str) -> bool:
    if len(text) > _LONGEST_TAIL:
        return False
    folded = fold(text)
    return any(pattern.search(folded) for pattern in (_CODES, _NUMBER, _TAG))


def _unglue(text: str) -> tuple[str, str]:
    """Split a closing or a code off the end of the last sentence."""
    if not _MAY_END.search(text, max(0, len(text) - _LONGEST_TAIL)):
        return text, ""
    folded = fold_with_offsets(text)
    for pattern in (_CLOSING, _GLUED, _STARRED):
        found = pattern.search(folded.text)
        if found is not None and found.start() > 0:
            start, _ = folded.origin(found.start(), found.end())
            return text[:start].rstrip(), text[start:].strip()
    return text, ""
