"""Tell Persian from Arabic, Sorani Kurdish, Urdu and English, already by a short headline.

Every word votes: by being a word that one of the languages uses and the others do not, by its
letters, by how it begins or ends. Letters alone never decide, for Persian pages print ي, ك, ھ and ە
too. The words and weights are our own.
"""

import re
from functools import lru_cache
from typing import Final

from persian.language_words import ENGLISH, FORMS_BY_WORD, Weights

FA: Final = "fa"
EN: Final = "en"
UNDETERMINED: Final = "und"

_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u200c\u064b-\u065f\u0670][^\W\d_]*)*")
_ARABIC_SCRIPT: Final = re.compile("[\u0621-\u064a\u066e-\u06d5\u06ee-\u06ff\u0750-\u077f]")
_MARKS: Final = re.compile("[\u064b-\u065f\u0670\u0640]")
_LOOKED_AT: Final = 600  # characters; a headline is enough, more only costs time
_REMEMBERED: Final = 8192  # words; most words of the news come back

# Letters that a language has and the others lack, and letters it lacks. Persian pages that print
# all their ه as ە or ھ and all their ی as ي are common, so those weigh little.
_LETTERS: Final[tuple[tuple[re.Pattern[str], Weights], ...]] = (
    (re.compile("[پچژگ]"), {"fa": 0.6, "ckb": 0.4, "ur": 0.4, "ar": -2.5}),
    (re.compile("\u200c"), {"fa": 1.2, "ur": -0.5}),
    (re.compile("[ێۆڕڵڤ]"), {"ckb": 2.0, "fa": -1.0, "ar": -2.0, "ur": -1.0}),
    (re.compile("ە"), {"ckb": 0.8, "ar": -1.0}),
    (re.compile("[ٹڈڑںےۓ]"), {"ur": 2.0, "fa": -1.0, "ar": -2.0, "ckb": -1.0}),
    (re.compile("[ہۂۃ]"), {"ur": 1.2, "ar": -1.0, "fa": -0.3}),
    (re.compile("ەا|^ە|[^\u0621-\u06d5]ە"), {"fa": 1.2, "ckb": -1.2}),
    (re.compile("(?<=[بپتٹجچدڈکگ])ھ"), {"ur": 0.5}),
    (re.compile("^ھ|ھ$"), {"fa": 0.8}),
    (re.compile("ة$"), {"ar": 1.6, "fa": -0.4, "ckb": -1.0, "ur": -0.5}),
    (re.compile("^[وفبكل]?[إأ]|ى$"), {"ar": 0.8}),
    (re.compile("^(?:ال|وال|بال|لل|فال|كال).{2,}"), {"ar": 1.1}),
    (re.compile("(?:ها|های|هایی|ترین|ندگان)$"), {"fa": 0.8}),
    (re.compile("^ن?می.{2}"), {"fa": 0.7}),
    (re.compile("(?:ەکان|ەکانی|ەوە|ێت|یان|ەکە|ەکەی|ان)$"), {"ckb": 0.3}),
)
# With nothing else to go by, a text in Arabic script on an Iranian page is Persian.
_PRIOR: Final[Weights] = {"fa": 0.5, "ar": 0.0, "ckb": 0.0, "ur": 0.0}
_SHORT_HEADLINE: Final = 8  # words


def detect_language(text: str) -> str:
    """Return "fa", "ar", "ckb", "ur" or "en"; "und" for no letters or any other language."""
    head = text[:_LOOKED_AT]
    words = _WORD.findall(head)
    arabic = sum(1 for word in words if _ARABIC_SCRIPT.match(word))
    if not words:
        return UNDETERMINED
    if arabic * 2 < len(words):
        return _other_script(words)
    scores = dict(_PRIOR)
    for word in words:
        for language, weight in _votes(word):
            scores[language] += weight
    return max(scores, key=scores.__getitem__)


@lru_cache(maxsize=_REMEMBERED)
def _votes(printed: str) -> tuple[tuple[str, float], ...]:
    """Return what one word in Arabic script says for and against each language."""
    word = _MARKS.sub("", printed)
    votes = dict(FORMS_BY_WORD.get(word, {}))
    for pattern, weights in _LETTERS:
        if pattern.search(word):
            for language, weight in weights.items():
                votes[language] = votes.get(language, 0.0) + weight
    return tuple(votes.items())


def _other_script(words: list[str]) -> str:
    """Tell English by its small words, or by plain letters in a text too short to have any."""
    latin = [word.lower() for word in words if word.isascii()]
    if len(latin) * 10 < len(words) * 9:
        return UNDETERMINED
    known = sum(1 for word in latin if word in ENGLISH)
    is_short = len(words) <= _SHORT_HEADLINE
    return EN if known * 20 >= len(words) or is_short else UNDETERMINED
