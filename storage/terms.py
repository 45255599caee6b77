"""Spell out a term: every sequence of atoms that a text may print it as.

Joints never matter: each space or half-space of the term may be closed in the text, and a word
written joined may be written apart where the lexicon or its ending says so.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import Final

from persian.atoms import BARRIER, base, read, split
from persian.compounds import parts
from persian.fold import fold
from persian.stems import singulars
from storage.query import Mode, Term

#: Up to this many joints every combination of open and closed is tried; beyond, one at a time.
_ALL_COMBINATIONS: Final = 3
_MOST_SPELLINGS: Final = 24
#: A stem this short keeps its «ی» (`persian.stems`), but «سنگ‌آهن» is long enough to lose it.
_SHORT: Final = 3


#: Read one raw atom, remembering the words of the day.
reading: Final = lru_cache(maxsize=262_144)(read)


@dataclass(frozen=True, slots=True)
class Piece:
    """One atom of a spelling: what to look for and how."""

    text: str
    mode: Mode


#: The atoms of one spelling, side by side in the text.
Form = tuple[Piece, ...]


@lru_cache(maxsize=65_536)
def forms(term: Term) -> tuple[Form, ...]:
    """Return every spelling of a term, the one typed first, without repetition."""
    typed = _atoms(term)
    opened = [part for atom in typed for part in _parts(atom, term.mode)]
    spellings = [typed, *_closings(typed)]
    if opened != typed:
        spellings += [opened, *_closings(opened)]
    if len(typed) > 1 and " " not in term.text.strip():
        spellings += _of_one_word(typed, term.mode)
    distinct = list(dict.fromkeys(map(tuple, spellings)))[:_MOST_SPELLINGS]
    found = [form for spelling in distinct for form in _with_modes(spelling, term.mode)]
    return tuple(dict.fromkeys(found))


def _atoms(term: Term) -> list[str]:
    raws = split(fold(term.text))
    while raws and not raws[-1][0].isalnum():
        raws.pop()
    while raws and not raws[0][0].isalnum():
        raws.pop(0)
    if term.mode is Mode.INFLECTED:
        return [base(raw) for raw in raws]
    return [reading(raw).exact for raw in raws]


def _of_one_word(atoms: list[str], mode: Mode) -> list[list[str]]:
    """Spell a word of several atoms as the lexicon does, and with «ی» after a short last part."""
    found = [list(_parts("".join(atoms), mode))]
    if mode is Mode.INFLECTED and len(atoms[-1]) <= _SHORT and BARRIER not in atoms:
        found.append([*atoms[:-1], f"{atoms[-1]}ی"])
    return found


def _parts(atom: str, mode: Mode) -> tuple[str, ...]:
    """Split an atom where it may be written apart; a beginning of a word is left whole."""
    if mode is Mode.PREFIX or atom == BARRIER:
        return (atom,)
    for singular in singulars(atom) if mode is Mode.INFLECTED else (atom,):
        found = parts(singular)
        if len(found) > 1:
            return found
    return (atom,)


def _closings(atoms: list[str]) -> list[list[str]]:
    """Close the joints between atoms in every combination, or one at a time when they are many."""
    if len(atoms) == 1:
        return []
    joints = [
        place
        for place in range(1, len(atoms))
        if BARRIER not in atoms[place - 1 : place + 1] and _can_close(atoms[place - 1 : place + 1])
    ]
    most = len(joints) if len(joints) <= _ALL_COMBINATIONS else 1
    return [
        _closed(atoms, set(chosen))
        for count in range(1, most + 1)
        for chosen in combinations(joints, count)
    ]


def _can_close(pair: list[str]) -> bool:
    """Tell whether two atoms become one when joined: the scripts are alike, or both are digits."""
    return len(split("".join(pair))) == 1


def _closed(atoms: list[str], joints: set[int]) -> list[str]:
    joined: list[str] = []
    for place, atom in enumerate(atoms):
        if place in joints:
            joined[-1] += atom
        else:
            joined.append(atom)
    return joined


def _with_modes(spelling: tuple[str, ...], mode: Mode) -> list[Form]:
    match mode:
        case Mode.EXACT:
            return [tuple(Piece(atom, Mode.EXACT) for atom in spelling)]
        case Mode.PREFIX:
            *words, last = spelling
            begun = tuple(Piece(atom, Mode.INFLECTED) for atom in words)
            return [(*begun, Piece(last, Mode.PREFIX))]
        case Mode.INFLECTED:
            choices = [_singulars(atom) for atom in spelling]
            if all(len(choice) == 1 for choice in choices):
                return [tuple(Piece(atom, Mode.INFLECTED) for (atom,) in choices)]
            return [
                tuple(Piece(atom, Mode.INFLECTED) for atom in chosen)
                for chosen in product(*choices)
            ]


def _singulars(atom: str) -> tuple[str, ...]:
    return (atom,) if atom == BARRIER else singulars(atom)
