"""Keep the atoms of an article beside its entry in the index: pack them, and unpack them.

The atoms say three things without the article being read: what FTS5 holds of it (to delete from a
contentless table one must say the same tokens again), whether a query holds for it, and what the
words around a place were.
"""

import zlib
from collections.abc import Sequence
from typing import Final

from storage.evaluate import Analysed
from storage.query import TextField

#: No atom holds these: atoms are letters, digits, punctuation, spaces and half-spaces.
ATOM_END: Final = "\x1f"
_FIELD_END: Final = "\x1e"


def pack(analysed: Analysed, facts: Sequence[str]) -> bytes:
    """Pack the raw atoms of every field, and the tokens of the facts."""
    fields = [_packed(analysed.atoms(field)) for field in TextField]
    return zlib.compress(_FIELD_END.join([*fields, _packed(facts)]).encode())


def unpack(packed: bytes) -> dict[TextField, str]:
    """Return the atoms of every field as one text, each atom ended by `ATOM_END`."""
    return dict(zip(TextField, _fields(packed), strict=False))  # the facts have no field


def facts_in(packed: bytes) -> list[str]:
    """Return the tokens of the facts."""
    return atoms_in(_fields(packed)[-1])


def atoms_in(kept: str) -> list[str]:
    """Cut one field's text into its raw atoms."""
    return kept.split(ATOM_END)[:-1]


def _packed(atoms: Sequence[str]) -> str:
    return "".join(f"{atom}{ATOM_END}" for atom in atoms)


def _fields(packed: bytes) -> list[str]:
    return zlib.decompress(packed).decode().split(_FIELD_END)
