"""Decide whether a revision is material: another title, other figures, or withdrawn. Pure."""

import re
from collections import Counter
from typing import Final

from alerts.message import Change, ChangeKind
from alerts.tidy import one_line
from crawler.article import Article
from persian.fold import fold, letters

#: Figures as folded text shows them; a code or a year is a figure too, and its change is worth
#: telling.
_FIGURE: Final = re.compile(r"\d+(?:[.,/]\d+)*")
_SHOWN: Final = 200


def material_change(before: Article, after: Article) -> Change | None:
    """Return what a revision materially changed, or None for what is only tidied.

    Spelling forms, digit sets, punctuation and spaces are folded away first; a headline that says
    the same letters in the same order is the same headline.
    """
    if letters(before.title) != letters(after.title):
        return Change(
            kind=ChangeKind.TITLE,
            before=one_line(before.title, _SHOWN),
            after=one_line(after.title, _SHOWN),
        )
    gone, came = _figures(before), _figures(after)
    if gone == came:
        return None
    return Change(
        kind=ChangeKind.FIGURES,
        before=_listed(gone - came),
        after=_listed(came - gone),
    )


def withdrawn(before: Article) -> Change:
    """Return the change of an article that its outlet took down."""
    return Change(kind=ChangeKind.WITHDRAWN, before=one_line(before.title, _SHOWN))


def _figures(article: Article) -> Counter[str]:
    return Counter(_FIGURE.findall(fold(f"{article.title}\n{article.text}")))


def _listed(figures: Counter[str]) -> str:
    return "، ".join(sorted(figures)[:10])
