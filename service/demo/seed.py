"""Reads a pair of real texts, kept outside the repository, as one more story of the press."""

from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import Final

from service.demo.stories import Edit, Story, Telling

STORY_ID: Final = "seed"
END_MARK: Final = "انتهای خبر"
TAG_MARK: Final = "منبع"
CUT_MARK: Final = "[…]"
ORIGINAL: Final = "nazirkerman"
COPY: Final = "armanekerman"


def seed_story(path: Path) -> Story:
    """Read a pair: a headline, a cut excerpt, the body to its closing line; the headline, a tag.

    `path` is the file or its folder. ValueError when the file does not have this form.
    """
    file = next(iter(sorted(path.glob("*.txt"))), path) if path.is_dir() else path
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    title, *rest = (line for line in lines if line)
    excerpt, *body = takewhile(lambda line: line != title, rest)
    tag = next((line for line in rest if line.startswith(TAG_MARK)), None)
    if not excerpt.endswith(CUT_MARK) or tag is None or END_MARK not in body[-1]:
        raise ValueError(f"{file}: is no pair of an article and its tagged copy")
    return _story(title, excerpt, tuple(body), tag)


def _story(title: str, excerpt: str, body: tuple[str, ...], tag: str) -> Story:
    *paragraphs, closing = body
    reporter = closing.partition("/")[2].strip()
    return Story(
        id=STORY_ID,
        section="اقتصادی",
        title=title,
        paragraphs=tuple(paragraphs),
        topics=("sme", "copper"),
        tellings=(
            Telling(
                outlet_id=ORIGINAL,
                before_now=timedelta(hours=3),
                edit=Edit(lead=excerpt, closing=closing),
            ),
            Telling(
                outlet_id=COPY,
                before_now=timedelta(hours=1),
                edit=Edit(byline=reporter, closing=tag),
            ),
        ),
    )
