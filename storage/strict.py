"""Check letters that folding makes one: «=رئال» is not ریال, «=آستان» is not استان.

An exact term typed with a hamza or madda asks for the letters as printed. One typed without asks
for nothing: «=موثر» finds مؤثر too, because the press leaves hamzas out.
"""

import re
import unicodedata
from typing import Final

from storage.query import Mode, Term

_MARKED: Final = frozenset("آأإؤئ")
_SAME: Final = str.maketrans(
    "يىكھہەۀة٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "ییکههههه01234567890123456789",
)
# What does not change a word: tatweel, vowel marks, the hamza of ezafe, spaces, quotes.
_IDLE: Final = re.compile("[\u0640\u064b-\u0655\u0670\\s\u200b-\u200f\u00ad\u00ac\ufeff«»\"'()]+")


def is_strict(term: Term) -> bool:
    """Tell whether a term asks for the letters as printed."""
    return term.mode is Mode.EXACT and not _MARKED.isdisjoint(_composed(term.text))


def is_printed_so(term: Term, printed: str) -> bool:
    """Tell whether a printed text has the term's own letters."""
    return _letters(term.text) == _letters(printed)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _letters(text: str) -> str:
    return _IDLE.sub("", _composed(text)).translate(_SAME).lower()
