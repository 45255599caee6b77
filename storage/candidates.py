"""Choose from the postings which archived articles are worth comparing with (pure)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    spread: Mapping[int, Mapping[int, int]]
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


def propose(postings: Sequence[Posting], period: int) -> Proposals:
    """Rank the stories that share fingerprints; a rare fingerprint speaks louder (1 / stories).

    `period` is the new article's.
    """
    spread: dict[int, dict[int, int]] = {}
    for posting in postings:
        stories = spread.setdefault(posting.hash, {})
        stories[posting.story_id] = stories.get(posting.story_id, 0) + 1
    telling = {one: stories for one, stories in spread.items() if len(stories) <= _COMMON_STORIES}
    shared = Counter(
        (posting.story_id, posting.article_id) for posting in postings if posting.hash in telling
    )
    return Proposals(
        by_story=_best(_scores(telling.values()), shared),
        boilerplate=_boilerplate(spread),
        spread=spread,
        here=Counter(posting.hash for posting in postings if posting.period == period),
    )


def _scores(spreads: Iterable[Collection[int]]) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)
    for stories in spreads:
        for story_id in stories:
            scores[story_id] += 1 / len(stories)
    return scores


def _best(
    scores: Mapping[int, float], shared: Mapping[tuple[int, int], int]
) -> dict[int, tuple[int, ...]]:
    """Choose the stories that score best and in each the articles that share most."""
    ranked = sorted(scores, key=lambda story_id: (-scores[story_id], story_id))[:STORIES_MAX]
    if not ranked:
        return {}
    floor = scores[ranked[0]] * _SCORE_SHARE_MIN
    chosen: dict[int, list[int]] = {one: [] for one in ranked if scores[one] >= floor}
    for story_id, article_id in sorted(shared, key=lambda pair: (-shared[pair], pair[1])):
        if story_id in chosen:
            chosen[story_id].append(article_id)
    return {story_id: tuple(ids[:_ARTICLES_PER_STORY]) for story_id, ids in chosen.items()}


def _boilerplate(spread: Mapping[int, Collection[int]]) -> Hashes:
    common = [one for one, stories in spread.items() if len(stories) >= _BOILERPLATE_STORIES]
    return np.sort(np.array(common, dtype=np.int64).view(np.uint64))
