"""Find thousands of terms in one text at once: a trie of atoms, walked word by word."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from storage.evaluate import reading
from storage.query import Mode, Term
from storage.terms import Form, Piece, forms

#: Spans of one term in one field: first atom, and the atom after the last.
Found = defaultdict[int, list[tuple[int, int]]]

_MOST_ENTRIES: Final = 200_000  # words remembered with what begins at them; then all are forgotten


class _Node:
    """What may follow: atoms by stem, by exact form and by beginning; and the terms that end."""

    __slots__ = ("ends", "exact", "prefixes", "stems")

    def __init__(self) -> None:
        self.ends: tuple[int, ...] = ()
        self.stems = _NONE
        self.exact = _NONE
        self.prefixes = _NONE

    def child(self, piece: Piece) -> "_Node":
        """Return the node a piece leads to, made when there is none yet."""
        children = self._children(piece.mode)
        node = children.get(piece.text)
        if node is None:
            node = children[piece.text] = _Node()
        return node

    def _children(self, mode: Mode) -> "dict[str, _Node]":
        match mode:
            case Mode.INFLECTED:
                self.stems = self.stems or {}
                return self.stems
            case Mode.EXACT:
                self.exact = self.exact or {}
                return self.exact
            case Mode.PREFIX:
                self.prefixes = self.prefixes or {}
                return self.prefixes

    def after(self, raw: str) -> Iterator["_Node"]:
        """Return the nodes that a raw atom leads to."""
        one = reading(raw)
        stems = self.stems
        for stem in one.stems:
            node = stems.get(stem)
            if node is not None:
                yield node
        if self.exact and one.exact in self.exact:
            yield self.exact[one.exact]
        if self.prefixes:
            for length in range(1, len(one.exact) + 1):
                node = self.prefixes.get(one.exact[:length])
                if node is not None:
                    yield node


#: Stands for no children, and is never written to: most nodes have none, and there are many.
_NONE: Final[dict[str, _Node]] = {}

#: The terms that a raw atom completes alone, and the nodes where longer ones go on.
_Entry = tuple[tuple[int, ...], tuple[_Node, ...]]


class Trie:
    """Terms by their number, in the order they were added."""

    def __init__(self) -> None:
        self._root: Final = _Node()
        self._numbers: Final[dict[Term, int]] = {}
        self._entries: Final[dict[str, _Entry | None]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def terms(self) -> Iterable[Term]:
        """The terms in the order of their numbers."""
        return self._numbers.keys()

    def add(self, term: Term) -> int:
        """Add a term unless it is there; return its number."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._numbers)
            for form in forms(term):
                self._grow(form, number)
        return number

    def find(self, raws: Sequence[str], found: Found) -> None:
        """Note in `found` where terms stand among the raw atoms of a text."""
        entries = self._entries
        for place, raw in enumerate(raws):
            try:
                entry = entries[raw]
            except KeyError:
                entry = self._enter(raw)
            if entry is None:
                continue
            for number in entry[0]:
                found[number].append((place, place + 1))
            for node in entry[1]:
                self._follow(node, raws, place, found)

    def _grow(self, form: Form, number: int) -> None:
        node = self._root
        for piece in form:
            node = node.child(piece)
        if node.ends[-1:] != (number,):
            node.ends = (*node.ends, number)

    def _enter(self, raw: str) -> _Entry | None:
        """Remember what begins at a word, so that the next text finds it in one step."""
        nodes = list(self._root.after(raw))
        numbers = tuple({number for node in nodes for number in node.ends})
        longer = tuple(node for node in nodes if node.stems or node.exact or node.prefixes)
        entry = (numbers, longer) if numbers or longer else None
        if len(self._entries) >= _MOST_ENTRIES:
            self._entries.clear()
        self._entries[raw] = entry
        return entry

    def _follow(self, node: _Node, raws: Sequence[str], start: int, found: Found) -> None:
        """Walk on from the first atom of longer terms."""
        nodes = [node]
        for place in range(start + 1, len(raws)):
            nodes = [after for node in nodes for after in node.after(raws[place])]
            if not nodes:
                return
            for reached in nodes:
                for number in reached.ends:
                    span = (start, place + 1)
                    if span not in found[number][-2:]:
                        found[number].append(span)
