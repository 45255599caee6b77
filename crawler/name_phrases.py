"""Read the name that follows «به گزارش» and its like: where it begins, where it ends, who it is."""

from dataclasses import dataclass
from typing import Final

from crawler.article import Credit, CreditKind
from crawler.name_bodies import LONGEST_NAME, read_institution, read_press_office
from crawler.name_bounds import begins_at, continues_at, goes_on, is_quoted, last_of_name, run
from crawler.name_words import DESKS, ENDS, KIND_COMPLEMENTS, NOBODY, OUTLET_KINDS
from crawler.names import NameDirectory, OwnNames, Resolved
from crawler.printed_lines import Line

_LONGEST_UNKNOWN: Final = 6  # words; without a boundary in sight nobody is named
_LONGEST_DESK: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePhrase:
    """A name as read: its span in the folded line and who it is; None when nobody knows it.

    `has_kind` says that «خبرگزاری», «روزنامه» and the like stood before it, `has_desk` that «گروه»
    or «خبرنگار» did.
    """

    start: int
    end: int
    resolved: Resolved | None
    is_own: bool = False
    has_kind: bool = False
    has_desk: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the directory knows the name, mapped to an outlet or not."""
        return self.resolved is not None

    @property
    def is_press(self) -> bool:
        """Whether the name is an outlet's, by the directory or by the word before it."""
        if self.resolved is None:
            return self.has_kind or self.has_desk
        return self.resolved.body is None


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


class _Stand:
    """How far the reader has come in a phrase, and what it has passed."""

    __slots__ = ("has_desk", "index", "kind_at")

    def __init__(self, index: int) -> None:
        self.index = index
        self.kind_at: int | None = None
        self.has_desk = False


@dataclass(frozen=True, slots=True)
class NameReader:
    """Reads names in the lines of one outlet's text."""

    own: OwnNames
    directory: NameDirectory

    def read(self, line: Line, position: int) -> NamePhrase | None:
        """Return the name that begins at a position of the line, or None when nobody is named."""
        stand = _Stand(line.index_at(position))
        if stand.index >= len(line.tokens) or not begins_at(line, position, stand.index):
            return None
        while True:
            known = self.known(line, stand.index, institutions=not stand.has_desk)
            if known is not None:
                return known
            words = self._pass(line, stand)
            if words == 0 or not continues_at(line, stand.index + words):
                return _unknown(line, stand)
            stand.index += words

    def known(self, line: Line, index: int, *, institutions: bool = True) -> NamePhrase | None:
        """Return the longest name the directory knows that begins with a word, or a body's name.

        With `institutions` a name that begins as an institution's does is a body's, although nobody
        listed it.
        """
        best = self._listed(line, index)
        if best is not None:
            return best
        body = read_press_office(line, index, self.directory)
        if body is None and institutions:
            body = read_institution(line, index, self.directory)
        return NamePhrase(start=body[0], end=body[1], resolved=body[2]) if body else None

    def _listed(self, line: Line, index: int) -> NamePhrase | None:
        best: NamePhrase | None = None
        joined = ""
        for end in run(line, index, LONGEST_NAME):
            joined += line.tokens[end].letters
            resolved = self._resolve(joined)
            if resolved is not None and not goes_on(line, end):
                best = NamePhrase(
                    start=line.tokens[index].start,
                    end=line.tokens[end].end,
                    resolved=resolved,
                    is_own=resolved.outlet_id == self.own.outlet_id,
                )
        return best

    def _resolve(self, joined: str) -> Resolved | None:
        if joined in self.own.names:
            return Resolved(outlet_id=self.own.outlet_id)
        return self.directory.by_letters.get(joined)

    def _pass(self, line: Line, stand: _Stand) -> int:
        """Return how many words only say what kind of source follows, and note what they say.

        «گروه اقتصادی پایگاه خبری تحلیلی «نذیر کرمان»» has five of them before the name.
        """
        word = line.tokens[stand.index].letters
        if word in OUTLET_KINDS:
            stand.kind_at = stand.index
            return 1
        if _is_two_word_kind(line, stand.index):
            stand.kind_at = stand.index
            return 2
        if word in DESKS:
            stand.has_desk = True
            return 1
        has_begun = stand.has_desk or stand.kind_at is not None
        if has_begun and word in KIND_COMPLEMENTS and not is_quoted(line, stand.index):
            return 1
        return self._words_of_desk(line, stand)

    def _words_of_desk(self, line: Line, stand: _Stand) -> int:
        """Return how many words name the desk, when a source we know stands behind them.

        «گروه جهاد و مقاومت مشرق» is a desk of مشرق.
        """
        if not stand.has_desk or stand.kind_at is not None:
            return 0
        for ahead in run(line, stand.index, _LONGEST_DESK):
            word = line.tokens[ahead].letters
            if word in ENDS:
                return 0
            if word in OUTLET_KINDS or self.known(line, ahead, institutions=False):
                return ahead - stand.index
        return 0


def _is_two_word_kind(line: Line, index: int) -> bool:
    """Recognise «هفته نامه» and «وب سایت», which are also printed joined."""
    following = line.tokens[index + 1 : index + 2]
    return any(line.tokens[index].letters + token.letters in OUTLET_KINDS for token in following)


def _unknown(line: Line, stand: _Stand) -> NamePhrase | None:
    """Take the words up to the next boundary as a name nobody has mapped yet.

    «روزنامه گلزار» keeps its first word, which tells the operator what it is.
    """
    index = stand.index
    if line.tokens[index].letters in NOBODY | ENDS:
        return None
    has_kind = stand.kind_at is not None
    last = last_of_name(line, index, _LONGEST_UNKNOWN)
    if last - index + 1 == _LONGEST_UNKNOWN:
        if not (has_kind or stand.has_desk):
            return None
        last = index
    first = index if stand.kind_at is None or is_quoted(line, index) else stand.kind_at
    return NamePhrase(
        start=line.tokens[first].start,
        end=line.tokens[last].end,
        resolved=None,
        has_kind=has_kind,
        has_desk=stand.has_desk,
    )
