"""Choose from the postings which archived articles are worth comparing with (pure)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from storage.fingerprints import Posting
from storage.shingles import Hashes

STORIES_MAX: Final = 8
_ARTICLES_PER_STORY: Final = 2
_SCORE_SHARE_MIN: Final = 0.1  # of the best story's score
_BOILERPLATE_STORIES: Final = 3  # in so many distinct stories a passage is nobody's own
_COMMON_STORIES: Final = 5  # beyond that it does not even propose
_POSTINGS_PER_STORY: Final = 4  # more copies of one story teach nothing new about a hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Which articles to compare with, by story, best story first, and what was learned.

    `boilerplate` are hashes seen in several stories, ascending; `spread` counts postings by hash
    and story, `here` those of the new article's own period by hash.
    """

    by_story: dict[int, tuple[int, ...]]
    boilerplate: Hashes
    spread: dict[int, Counter[int]]
    here: Counter[int]

    @property
    def article_ids(self) -> tuple[int, ...]:
        """All proposed articles."""
        return tuple(one for articles in self.by_story.values() for one in articles)

    def worth_adding(self, hashes: Collection[int], story_id: int) -> list[int]:
        """Return the hashes that one more posting under a story still makes more useful.

        Common ones are added to every period anew, a few times: what is boilerplate stays known
        when older periods leave the window.
        """
        return [one for one in hashes if self._worth_adding(one, story_id)]

    def _worth_adding(self, one: int, story_id: int) -> bool:
        stories = self.spread.get(one)
        if stories is None:
            return True
        if story_id in stories:
            return stories[story_id] < _POSTINGS_PER_STORY
        return len(stories) <= _COMMON_STORIES or self.here[one] < _BOILERPLATE_STORIES


def propose(postings: Iterable[Posting], period: int) -> Proposals:
    """Rank the stories that share fingerprints; a rare fingerprint speaks louder (1 / stories).

    `period` is the new article's.
    """
    here: Counter[int] = Counter()
    spread: dict[int, Counter[int]] = defaultdict(Counter)
    articles: dict[int, Counter[int]] = defaultdict(Counter)
    by_hash: dict[int, list[Posting]] = defaultdict(list)
    for posting in postings:
        spread[posting.hash][posting.story_id] += 1
        by_hash[posting.hash].append(posting)
        here[posting.hash] += posting.period == period
    scores: Counter[int] = Counter()
    for one, stories in spread.items():
        if len(stories) > _COMMON_STORIES:
            continue
        for story_id in stories:
            scores[story_id] += 1 / len(stories)  # type: ignore[assignment]  # a Counter of floats
        for posting in by_hash[one]:
            articles[posting.story_id][posting.article_id] += 1
    return Proposals(
        by_story=_best(scores, articles),
        boilerplate=_boilerplate(spread),
        spread=dict(spread),
        here=here,
    )


def _best(scores: Counter[int], articles: dict[int, Counter[int]]) -> dict[int, tuple[int, ...]]:
    ranked = sorted(scores, key=lambda story_id: (-scores[story_id], story_id))[:STORIES_MAX]
    if not ranked:
        return {}
    floor = scores[ranked[0]] * _SCORE_SHARE_MIN
    return {
        story_id: tuple(
            sorted(articles[story_id], key=lambda one: (-articles[story_id][one], one))[
                :_ARTICLES_PER_STORY
            ]
        )
        for story_id in ranked
        if scores[story_id] >= floor
    }


def _boilerplate(spread: dict[int, Counter[int]]) -> Hashes:
    common = [one for one, stories in spread.items() if len(stories) >= _BOILERPLATE_STORIES]
    return np.sort(np.array(common, dtype=np.int64).view(np.uint64))
