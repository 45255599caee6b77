"""Read the name that follows «به گزارش» and its like: where it begins, where it ends, who it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crawler.article import Credit, CreditKind
from crawler.name_words import DESKS, ENDS, EXTENSIONS, KIND_COMPLEMENTS, NOBODY, OUTLET_KINDS
from crawler.names import NameDirectory, OwnNames, Resolved
from crawler.printed_lines import Line

_LONGEST_NAME: Final = (
    8  # words; «خبرگزاری دانشجویان ایران» has three, a body's name may have eight
)
_LONGEST_UNKNOWN: Final = 6
_LONGEST_DESK: Final = 5
# Between the words of one name stand spaces, joints and quotation marks («ورزش "سه"»).
_WITHIN: Final = re.compile(r"[ \u200c«»\"'()\-_]*")
_JOINS: Final = re.compile(r"[ \u200c\"'\-_]*")
_BEFORE: Final = re.compile(r"[ \u200c«\"'()\-_\[]*")

_PRESS_OFFICE: Final = re.compile(
    r"(?:(?:اداره|مرکز|دفتر|واحد|مدیریت|مدیر)[\s\u200c]?(?:کل[\s\u200c])?"
    r"(?:و[\s\u200c])?)?روابط[\s\u200c]?عمومی(?![^\W_])"
    r"(?: و (?:اطلاع[\s\u200c]?رسانی|امور[\s\u200c]?بین[\s\u200c]?الملل|امور[\s\u200c]?فرهنگی))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePhrase:
    """A name as read: its span in the folded line and who it is; None when nobody knows it."""

    start: int
    end: int
    resolved: Resolved | None
    is_own: bool = False
    has_kind: bool = False  # «خبرگزاری …», «روزنامه …» stood before it

    @property
    def is_known(self) -> bool:
        """Whether the directory knows the name, mapped to an outlet or not."""
        return self.resolved is not None


def credit_of(kind: CreditKind, line: Line, phrase: NamePhrase) -> Credit:
    """Return the credit that a name makes in its line."""
    name, start, end = line.printed(phrase.start, phrase.end)
    resolved = phrase.resolved or Resolved()
    return Credit(
        kind=kind,
        name=name,
        outlet_id=resolved.outlet_id,
        body=resolved.body,
        is_own=phrase.is_own,
        start=start,
        end=end,
    )


@dataclass(frozen=True, slots=True)
class NameReader:
    """Reads names in the lines of one outlet's text."""

    own: OwnNames
    directory: NameDirectory

    def read(self, line: Line, position: int) -> NamePhrase | None:
        """Return the name that begins at a position of the line, or None when nobody is named."""
        index = line.index_at(position)
        if index >= len(line.tokens):
            return None
        if not _BEFORE.fullmatch(line.text, position, line.tokens[index].start):
            return None
        first = index
        while index < len(line.tokens):
            # «گروه جهاد و مقاومت مشرق» is a desk of مشرق and not an institution.
            behind_desk = index > first and line.tokens[first].letters in DESKS
            known = self.known(line, index, institutions=not behind_desk)
            if known is not None:
                return known
            words = _words_of_kind(line, index, has_kind=index > first)
            if words == 0:
                words = self._words_of_desk(line, first, index)
            if words == 0:
                break
            index += words
        return self._unknown(line, index, has_kind=index > first)

    def known(self, line: Line, index: int, *, institutions: bool = True) -> NamePhrase | None:
        """Return the longest name the directory knows that begins with a word, or a body's name.

        With `institutions` a name that begins as an institution's does is a body's.
        """
        best: NamePhrase | None = None
        joined = ""
        for end in _run(line, index, _LONGEST_NAME):
            joined += line.tokens[end].letters
            resolved = self._resolve(joined)
            if resolved is not None and not _goes_on(line, end):
                best = self._phrase(line, index, end, resolved)
        return best or self._body(line, index, institutions=institutions)

    def _resolve(self, joined: str) -> Resolved | None:
        if joined in self.own.names:
            return Resolved(outlet_id=self.own.outlet_id)
        return self.directory.by_letters.get(joined)

    def _phrase(self, line: Line, first: int, last: int, resolved: Resolved) -> NamePhrase:
        return NamePhrase(
            start=line.tokens[first].start,
            end=line.tokens[last].end,
            resolved=resolved,
            is_own=resolved.outlet_id == self.own.outlet_id,
        )

    def _body(self, line: Line, index: int, *, institutions: bool) -> NamePhrase | None:
        """Read «روابط عمومی …» or a name that begins as an institution's does."""
        start = line.tokens[index].start
        office = _PRESS_OFFICE.match(line.text, start)
        if office is not None:
            return self._press_office(line, start, line.index_at(office.end()))
        if not institutions or not self._begins_institution(line, index):
            return None
        last = _last_of_name(line, index, _LONGEST_NAME)
        if last == index:
            return None
        end = line.tokens[last].end
        body = line.printed(start, end)[0]
        return NamePhrase(start=start, end=end, resolved=Resolved(body=_tidy(body)))

    def _press_office(self, line: Line, start: int, index: int) -> NamePhrase | None:
        """Read the body behind «روابط عمومی»; without one the office has no name."""
        if index >= len(line.tokens) or not _WITHIN.fullmatch(line.gap(index)):
            return None
        if line.tokens[index].letters in ENDS:
            return None
        known = next(self._longest_bodies(line, index), None)
        if known is not None:
            return NamePhrase(start=start, end=known.end, resolved=known.resolved)
        end = line.tokens[_last_of_name(line, index, _LONGEST_NAME)].end
        body = line.printed(line.tokens[index].start, end)[0]
        return NamePhrase(start=start, end=end, resolved=Resolved(body=_tidy(body)))

    def _longest_bodies(self, line: Line, index: int) -> Iterator[NamePhrase]:
        last = _last_of_name(line, index, _LONGEST_NAME)
        for end in range(last, index - 1, -1):
            joined = "".join(token.letters for token in line.tokens[index : end + 1])
            resolved = self.directory.by_letters.get(joined)
            if end == last and resolved is not None and resolved.body is not None:
                yield self._phrase(line, index, end, resolved)

    def _begins_institution(self, line: Line, index: int) -> bool:
        one = line.tokens[index].letters
        two = one + line.tokens[index + 1].letters if index + 1 < len(line.tokens) else one
        return not self.directory.institutions.isdisjoint({one, two})

    def _words_of_desk(self, line: Line, first: int, index: int) -> int:
        """Return how many words name the desk when a source the directory knows follows them."""
        if line.tokens[first].letters not in DESKS:
            return 0
        for ahead in _run(line, index, _LONGEST_DESK):
            if line.tokens[ahead].letters in ENDS:
                return 0
            if line.tokens[ahead].letters in OUTLET_KINDS or self.known(
                line, ahead, institutions=False
            ):
                return ahead - index
        return 0

    def _unknown(self, line: Line, index: int, *, has_kind: bool) -> NamePhrase | None:
        """Take the words up to the next boundary as the name nobody has mapped yet."""
        if index >= len(line.tokens) or line.tokens[index].letters in NOBODY | ENDS:
            return None
        if not _WITHIN.fullmatch(line.gap(index)) and index != 0 and has_kind:
            return None
        last = _last_of_name(line, index, _LONGEST_UNKNOWN)
        is_bounded = last - index + 1 < _LONGEST_UNKNOWN
        if not is_bounded and not has_kind:
            return None
        last = last if is_bounded else index
        start, end = line.tokens[index].start, line.tokens[last].end
        return NamePhrase(start=start, end=end, resolved=None, has_kind=has_kind)


def _run(line: Line, index: int, longest: int) -> Iterator[int]:
    """Yield the indexes of the words that may still belong to a name beginning at `index`."""
    for end in range(index, min(index + longest, len(line.tokens))):
        if end > index and not _WITHIN.fullmatch(line.gap(end)):
            return
        yield end


def _goes_on(line: Line, end: int) -> bool:
    following = end + 1
    if following >= len(line.tokens) or line.gap(following).strip(" \u200c"):
        return False
    return line.tokens[following].letters in EXTENSIONS


def _last_of_name(line: Line, index: int, longest: int) -> int:
    """Return the last word before a boundary: punctuation, a quote, a word no name holds."""
    last = index
    is_quoted = "«" in line.gap(index) or '"' in line.gap(index)
    for end in _run(line, index, longest):
        if end > index:
            gap = line.gap(end)
            if (
                line.tokens[end].letters in ENDS
                or not _JOINS.fullmatch(gap)
                or (is_quoted and '"' in gap)
            ):
                break
            if line.tokens[end].letters == "و" and _is_end(line, end + 1):
                break
        last = end
    return last


def _is_end(line: Line, index: int) -> bool:
    return index >= len(line.tokens) or line.tokens[index].letters in ENDS


def _words_of_kind(line: Line, index: int, *, has_kind: bool) -> int:
    """Return how many words at `index` only say what kind of source follows, if one does.

    «گروه اقتصادی پایگاه خبری تحلیلی «نذیر کرمان»» has five of them before the name.
    """
    word = line.tokens[index].letters
    if word in OUTLET_KINDS:
        words = 1
    elif _is_two_word_kind(line, index):
        words = 2
    elif has_kind and word in KIND_COMPLEMENTS and "«" not in line.gap(index):
        words = 1
    else:
        return 0
    following = index + words
    is_followed = following < len(line.tokens) and _WITHIN.fullmatch(line.gap(following))
    return words if is_followed else 0


def _is_two_word_kind(line: Line, index: int) -> bool:
    """Recognise «هفته نامه» and «وب سایت», which are also printed joined."""
    following = line.tokens[index + 1 : index + 2]
    return any(line.tokens[index].letters + token.letters in OUTLET_KINDS for token in following)


def _tidy(printed: str) -> str:
    return " ".join(printed.split())
