"""Find thousands of terms in one text at once: a trie of atoms, walked word by word."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from persian.atoms import Reading
from persian.stems import first_letters
from storage.query import Mode, Term
from storage.terms import Form, Piece, forms, reading

#: Words remembered with what begins at them; then all are forgotten.
MOST_ENTRIES: Final = 200_000


class Findings:
    """The terms found in one field, by number; where they stand is told when asked for."""

    __slots__ = ("_entries", "_places", "longer", "numbers")

    def __init__(self, entries: "Sequence[_Entry]") -> None:
        self.numbers: Final = set[int]().union(*[ends for ends, _, _ in entries if ends])
        self.longer: Final[list[tuple[int, int, tuple[int, ...]]]] = []
        self._entries: Final = entries
        self._places: dict[int, list[int]] | None = None

    def spans(self, number: int) -> Sequence[tuple[int, int]]:
        """Return where a term stands: its first atom, and the atom after its last."""
        if number not in self.numbers:
            return ()
        if self._places is None:
            self._places = self._index()
        alone = [(place, place + 1) for place in self._places.get(number, ())]
        return alone + [(start, end) for start, end, ends in self.longer if number in ends]

    def _index(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for place, (ends, _, _) in enumerate(self._entries):
            for number in ends:
                places.setdefault(number, []).append(place)
        return places


class _Node:
    """What may follow: atoms by stem, by exact form and by beginning; and the terms that end."""

    __slots__ = ("ends", "exact", "is_rare", "prefixes", "stems")

    def __init__(self) -> None:
        self.ends: tuple[int, ...] = ()
        self.stems = _NONE
        self.exact = _NONE
        self.prefixes = _NONE
        self.is_rare = False

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
                self.is_rare = True
                self.exact = self.exact or {}
                return self.exact
            case Mode.PREFIX:
                self.is_rare = True
                self.prefixes = self.prefixes or {}
                return self.prefixes

    @property
    def is_leaf(self) -> bool:
        """Tell whether nothing follows."""
        return not (self.stems or self.is_rare)

    def after(self, one: Reading) -> list["_Node"]:
        """Return the nodes that an atom leads to."""
        stems = self.stems
        found = [stems[stem] for stem in one.stems if stem in stems]
        return found + self.rarer(one) if self.is_rare else found

    def rarer(self, one: Reading) -> list["_Node"]:
        """Return the nodes that an atom leads to by its exact form or its beginning."""
        begun = (one.exact[:length] for length in range(1, len(one.exact) + 1))
        found = [self.prefixes[beginning] for beginning in begun if beginning in self.prefixes]
        return [*found, self.exact[one.exact]] if one.exact in self.exact else found


#: Stands for no children, and is never written to: most nodes have none, and there are many.
_NONE: Final[dict[str, _Node]] = {}

#: The nodes where longer terms go on, and the stems of which the next atom must have one (None:
#: not known by stem alone).
_Head = tuple[list[_Node], AbstractSet[str] | None]


#: What is known of a raw atom: the terms it completes alone, where longer terms go on after it,
#: and its stems (None: not read yet).
_Entry = tuple[tuple[int, ...], _Head | None, tuple[str, ...] | None]
_NOTHING: Final[_Entry] = ((), None, None)


class _Entries(dict[str, _Entry]):
    """What is known of raw atoms; worked out when one is first met."""

    def __init__(self, root: _Node, letters: AbstractSet[str]) -> None:
        self._root: Final = root
        self._letters: Final = letters

    def __missing__(self, raw: str) -> _Entry:
        self[raw] = entry = self._read(raw) if raw[0] in self._letters else _NOTHING
        return entry

    def _read(self, raw: str) -> _Entry:
        one = reading(raw)
        nodes = self._root.after(one)
        ends = tuple({number for node in nodes for number in node.ends})
        going_on = [node for node in nodes if not node.is_leaf]
        return ends, _head(going_on) if going_on else None, one.stems


class Trie:
    """Terms by their number, in the order they were added."""

    def __init__(self, *, most_entries: int = MOST_ENTRIES) -> None:
        self._most_entries: Final = most_entries
        self._root: Final = _Node()
        self._numbers: Final[dict[Term, int]] = {}
        self._has_longer = False
        #: With what a term may begin: most words of a text end the search for a few terms here.
        self._letters: Final[set[str]] = set()
        self._entries: Final = _Entries(self._root, self._letters)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, term: Term) -> int | None:
        """Return the number of a term that was added."""
        return self._numbers.get(term)

    def add(self, term: Term) -> int:
        """Add a term unless it is there; return its number."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._numbers)
            for form in forms(term):
                self._grow(form, number)
            self._entries.clear()
        return number

    def find(self, raws: Sequence[str]) -> Findings:
        """Find the terms among the raw atoms of a text."""
        if len(self._entries) >= self._most_entries:
            self._entries.clear()
        entries = [*map(self._entries.__getitem__, raws)]
        found = Findings(entries)
        if not self._has_longer:
            return found
        last = len(entries) - 1
        for place, (_, head, _) in enumerate(entries):
            if head is None or place == last:
                continue
            # Most walks end at the next atom; asking first whether this one does saves a third.
            nodes, second = head
            following = entries[place + 1][2] or reading(raws[place + 1]).stems
            if second is None or not second.isdisjoint(following):
                self._follow(nodes, raws, place, found)
        return found

    def _grow(self, form: Form, number: int) -> None:
        node = self._root
        self._has_longer = self._has_longer or len(form) > 1
        for piece in form[:1]:
            self._letters.update(first_letters(piece.text))
        for piece in form:
            node = node.child(piece)
        if node.ends[-1:] != (number,):
            node.ends = (*node.ends, number)

    def _follow(
        self, nodes: Sequence[_Node], raws: Sequence[str], start: int, found: Findings
    ) -> None:
        """Walk on from the first atom of longer terms; most walks end at the next atom."""
        end = start + 1
        while nodes and end < len(raws):
            one = reading(raws[end])
            end += 1
            reached: list[_Node] = []
            for node in nodes:
                children = node.stems
                for stem in one.stems:
                    if stem in children:
                        reached.append(children[stem])  # noqa: PERF401  # one or two stems
                if node.is_rare:
                    reached += node.rarer(one)
            for node in reached:
                if node.ends:
                    found.numbers.update(node.ends)
                    found.longer.append((start, end, node.ends))
            nodes = reached


def _head(nodes: list[_Node]) -> _Head:
    if any(node.is_rare for node in nodes):
        return nodes, None
    if len(nodes) == 1:
        return nodes, nodes[0].stems.keys()
    return nodes, frozenset(stem for node in nodes for stem in node.stems)
