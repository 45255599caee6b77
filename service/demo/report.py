"""Compares what happened with what must happen: the final table of the demo, and every miss."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from service.demo.expected import Expected, ExpectedArticle, ExpectedMessage, ExpectedStory
from service.demo.observed import Observed, SeenArticle, SeenMessage

Key = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the final table: how many of a thing were expected, and how many went wrong."""

    label: str
    expected: int
    wrong: int

    @property
    def right(self) -> int:
        """How many of the expected ones are right; of what must not be there are none."""
        return max(self.expected - self.wrong, 0)

    @property
    def is_right(self) -> bool:
        """Whether all of them are, and nothing is there that must not be."""
        return self.wrong == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The final table; `misses` has one sentence for each thing that did not happen as it must."""

    rows: tuple[Row, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Expected articles beside the archived ones, and the archive's key of each of our stories."""

    articles: tuple[tuple[ExpectedArticle, SeenArticle | None], ...]
    keys: dict[str, Key]


def compare(expected: Expected, observed: Observed) -> Report:
    """Compare; a report without misses means that everything happened, and nothing else did."""
    pairs = _pair(expected, observed)
    parts = [
        ("outlets visited", len(expected.outlets), tuple(_outlet_misses(expected, observed))),
        ("articles archived", len(expected.articles), tuple(_article_misses(pairs))),
        ("articles that are none", 0, tuple(_stray_articles(expected, observed))),
        ("revisions kept", *_revisions(pairs)),
        ("stories with the right copies", len(expected.stories), tuple(_splits(expected, pairs))),
        ("originals found", len(expected.stories), tuple(_originals(expected, pairs))),
        ("messages sent", *_messages(expected, observed, pairs, held=False)),
        ("messages held: too old", *_messages(expected, observed, pairs, held=True)),
        ("messages that must not be", 0, tuple(_stray_messages(expected, observed, pairs))),
    ]
    rows = tuple(
        Row(label=label, expected=count, wrong=len(misses)) for label, count, misses in parts
    )
    return Report(rows=rows, misses=tuple(miss for _, _, misses in parts for miss in misses))


def address(url: str) -> str:
    """Return an address so that equal ones are equal texts: percent-decoded, no last slash."""
    return unquote(url).rstrip("/")


def _pair(expected: Expected, observed: Observed) -> _Pairs:
    by_address = {address(seen.url): seen for seen in observed.articles}
    articles = tuple(
        (article, next(filter(None, (by_address.get(address(url)) for url in article.urls)), None))
        for article in expected.articles
    )
    votes: dict[str, Counter[Key]] = {}
    for article, seen in articles:
        if seen is not None:
            votes.setdefault(article.story_id, Counter())[seen.story] += 1
    keys = {story_id: counter.most_common(1)[0][0] for story_id, counter in votes.items()}
    return _Pairs(articles=articles, keys=keys)


def _outlet_misses(expected: Expected, observed: Observed) -> Iterator[str]:
    for outlet in expected.outlets:
        failure = observed.failures.get(outlet.outlet_id)
        if outlet.outlet_id not in observed.visited:
            yield f"{outlet.name}: was never visited"
        elif outlet.failure is not failure and not (failure and outlet.articles):
            yield f"{outlet.name}: should report {outlet.failure or 'nothing'}, reports {failure}"


def _article_misses(pairs: _Pairs) -> Iterator[str]:
    for article, seen in pairs.articles:
        if seen is None:
            yield f"{article.outlet_id}: «{article.title}» is not in the archive"


def _stray_articles(expected: Expected, observed: Observed) -> Iterator[str]:
    known = {address(url) for article in expected.articles for url in article.urls}
    for seen in observed.articles:
        if address(seen.url) not in known:
            yield f"{seen.outlet_id}: {seen.url} is archived and is no article of the press"
    repeated = Counter((seen.outlet_id, address(seen.url)) for seen in observed.articles)
    for (outlet_id, url), times in repeated.items():
        if times > 1:
            yield f"{outlet_id}: {url} is archived {times} times"


def _revisions(pairs: _Pairs) -> tuple[int, tuple[str, ...]]:
    misses = tuple(
        f"{article.outlet_id}: «{article.title}» has {seen.revisions} versions, not {wanted}"
        for article, seen in pairs.articles
        if seen is not None and seen.revisions != (wanted := 1 + article.is_revised)
    )
    return len(pairs.articles), misses


def _splits(expected: Expected, pairs: _Pairs) -> Iterator[str]:
    """Name stories that fell apart or were merged with another."""
    owners: dict[Key, list[str]] = {}
    for story_id, key in pairs.keys.items():
        owners.setdefault(key, []).append(story_id)
    for story in expected.stories:
        strays = _strays(story, pairs)
        others = [
            name
            for name in owners.get(pairs.keys.get(story.story_id, ""), ())
            if name != story.story_id
        ]
        if strays:
            yield f"story {story.story_id}: {', '.join(strays)} stand in another story"
        elif others:
            yield f"story {story.story_id}: is merged with {', '.join(others)}"


def _strays(story: ExpectedStory, pairs: _Pairs) -> list[str]:
    """Return the outlets whose telling of a story is archived under another story."""
    key = pairs.keys.get(story.story_id)
    return [
        article.outlet_id
        for article, seen in pairs.articles
        if article.story_id == story.story_id and seen is not None and seen.story != key
    ]


def _originals(expected: Expected, pairs: _Pairs) -> Iterator[str]:
    for story in expected.stories:
        found = [
            article.outlet_id
            for article, seen in pairs.articles
            if article.story_id == story.story_id and seen is not None and seen.is_original
        ]
        if found != [story.original_outlet_id]:
            yield (
                f"story {story.story_id}: the original is {story.original_outlet_id}, "
                f"the archive says {', '.join(found) or 'nobody'}"
            )


def _messages(
    expected: Expected, observed: Observed, pairs: _Pairs, *, held: bool
) -> tuple[int, tuple[str, ...]]:
    """Compare the messages that must arrive, or those that must be held."""
    wanted = [message for message in expected.messages if message.is_held is held]
    misses = (_message_miss(message, observed, pairs) for message in wanted)
    return len(wanted), tuple(miss for miss in misses if miss)


def _message_miss(message: ExpectedMessage, observed: Observed, pairs: _Pairs) -> str | None:
    seen = _about(message, observed, pairs)
    state = "held" if message.is_held else "sent"
    place = f"{message.recipient}: story {message.story_id}"
    if len(seen) != 1:
        return f"{place} must be {state} once, is there {len(seen)} times"
    if (seen[0].held is not None) is not message.is_held:
        return f"{place} must be {state}, is {seen[0].held or 'sent'}"
    if seen[0].topics != message.topics:
        return f"{place} must name {sorted(message.topics)}, names {sorted(seen[0].topics)}"
    return None


def _about(message: ExpectedMessage, observed: Observed, pairs: _Pairs) -> list[SeenMessage]:
    key = pairs.keys.get(message.story_id)
    return [
        seen
        for seen in observed.messages
        if (seen.recipient, seen.story) == (message.recipient, key)
    ]


def _stray_messages(expected: Expected, observed: Observed, pairs: _Pairs) -> Iterator[str]:
    names = {key: story_id for story_id, key in pairs.keys.items()}
    wanted = {(each.recipient, pairs.keys.get(each.story_id)) for each in expected.messages}
    for seen in observed.messages:
        if (seen.recipient, seen.story) not in wanted:
            told = names.get(seen.story, f"unknown story {seen.story}")
            yield f"{seen.recipient}: was told of {told} for {sorted(seen.topics)}, and must not be"
