"""Measure the matcher: rules against articles of 350 words from raw text, compile time, memory.

The peers only look for as many plain words in text that is folded already: no joints, no
inflection, no AND, OR, NOT, NEAR. They are the limits, not rivals.
"""

import importlib
import importlib.util
import random
import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from alerts.match import Matcher
from alerts.rules import Rule, parse_rule
from persian.fold import fold
from storage.document import Document
from storage.evaluate import Analysed, evaluate

_NOW: Final = datetime(2025, 1, 1, tzinfo=UTC)
_WORDS_PER_ARTICLE: Final = 350
_VOCABULARY: Final = 13_000
_ROUNDS: Final = 5
_SAMPLED_RULES: Final = 200
_SAMPLED_ARTICLES: Final = 10
_MOST_ALTERNATIVES: Final = 1_000  # beyond, these two take minutes
#: Articles a second that `make bench` wants, by the number of rules.
TARGETS: Final = {10: 5_300, 1_000: 4_500, 10_000: 2_500, 100_000: 800}
MOST_COMPILE_SECONDS_OF_10_000: Final = 1.0

_LETTERS: Final = "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_COMMON: Final = """
    و در به از که این را با است برای آن یک خود تا بر هم نیز شد کرد گفت شود دارد شده
    سال استان کرمان شهرستان مدیر شرکت تولید کشور مردم دولت معدن صنعت طرح توسعه هزار
    میلیون تومان
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table."""

    rules: int
    compile_seconds: float
    compiled_megabytes: float
    articles_per_second: float
    target: int
    fired: int

    @property
    def is_met(self) -> bool:
        """Whether it matches, and compiles 10,000 rules, as fast as is wanted."""
        soon = self.rules != 10_000 or self.compile_seconds <= MOST_COMPILE_SECONDS_OF_10_000
        return soon and self.articles_per_second >= self.target


def run(*, quick: bool) -> list[Figure]:
    """Print the table and return its rows; `quick` leaves out 100,000 rules."""
    sizes = [size for size in TARGETS if not quick or size <= 10_000]
    chance = random.Random(1404)
    vocabulary = _vocabulary(chance)
    articles = [_article(chance, vocabulary) for _ in range(100 if quick else 400)]
    figures = [_measure(size, chance, vocabulary, articles) for size in sizes]
    print(f"{'rules':>8} {'compile s':>10} {'MB':>6} {'articles/s':>11} {'target':>7} {'fired':>6}")
    for one in figures:
        print(
            f"{one.rules:>8,} {one.compile_seconds:>10.2f} {one.compiled_megabytes:>6.0f} "
            f"{one.articles_per_second:>11,.0f} {one.target:>7,} {one.fired:>6,}"
        )
    _peers(sizes, chance, vocabulary, articles)
    return figures


def _peers(
    sizes: list[int], chance: random.Random, vocabulary: list[str], articles: list[Document]
) -> None:
    texts = [fold(f"{one.title}\n{one.lead}\n{one.body}") for one in articles]
    print(f"\n{'words':>8} {'peer, plain words in folded text':34} {'articles/s':>11}")
    for size in sizes:
        words = [fold(chance.choice(vocabulary)) for _ in range(size)]
        for name, look in _engines(words).items():
            seconds = _fastest(lambda look=look: [look(text) for text in texts])  # type: ignore[misc]
            print(f"{size:>8,} {name:34} {len(texts) / seconds:>11,.0f}")


def _engines(words: list[str]) -> dict[str, Callable[[str], object]]:
    wanted = set(words)
    engines: dict[str, Callable[[str], object]] = {
        "split and a set (no phrases)": lambda text: wanted.intersection(text.split()),
    }
    if len(words) <= _MOST_ALTERNATIVES:
        alternation = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")
        engines["one alternation in re"] = alternation.findall
        engines["loop over in (substrings)"] = lambda text: [word for word in words if word in text]
    if importlib.util.find_spec("ahocorasick_rs"):
        library = importlib.import_module("ahocorasick_rs")
        engines["ahocorasick-rs (substrings)"] = library.AhoCorasick(words).find_matches_as_indexes
    return engines


def _measure(
    size: int, chance: random.Random, vocabulary: list[str], articles: list[Document]
) -> Figure:
    warm_up = [_article(chance, vocabulary) for _ in articles]
    rules = [_rule(chance, vocabulary, number) for number in range(size)]
    before, begin = _peak_megabytes(), time.process_time()
    matcher = Matcher.compile(rules)
    compiled, grown = time.process_time() - begin, _peak_megabytes() - before
    for article in warm_up:  # a daemon has met nearly every word of the day's news before
        matcher.match(article)
    _check(matcher, rules, articles)
    fired = sum(len(matcher.match(article)) for article in articles)
    taken = _fastest(lambda: [matcher.match(article) for article in articles])
    return Figure(
        rules=size,
        compile_seconds=compiled,
        compiled_megabytes=grown,
        articles_per_second=len(articles) / taken,
        target=TARGETS[size],
        fired=fired,
    )


def _check(matcher: Matcher, rules: list[Rule], articles: list[Document]) -> None:
    """Refuse to time a matcher that fires other rules than the meaning of the queries says."""
    sample = {rule.id: rule for rule in rules[:: max(len(rules) // _SAMPLED_RULES, 1)]}
    for article in articles[:: len(articles) // _SAMPLED_ARTICLES]:
        found = {match.rule_id for match in matcher.match(article)}
        asked = sample | {rule.id: rule for rule in rules if rule.id in found}
        analysed = Analysed(article)
        held = {
            name
            for name, rule in asked.items()
            if evaluate(rule.clauses[0].evidence[0].query, analysed)
        }
        if held != found:
            raise AssertionError(f"the matcher fires {found}, the queries say {held}")


def _peak_megabytes() -> float:
    """Return the most memory the process has held; the sizes ascend, so what it grew by is ours."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def _fastest(work: Callable[[], object]) -> float:
    """Return the seconds of one core that the fastest of some rounds took."""
    times = []
    for _ in range(_ROUNDS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def _vocabulary(chance: random.Random) -> list[str]:
    """Invent words with the lengths of Persian ones; the common ones come first."""
    common = _COMMON.split()
    invented = {
        "".join(chance.choices(_LETTERS, k=chance.choice((3, 4, 4, 5, 5, 6, 6, 7, 8))))
        for _ in range(_VOCABULARY)
    }
    return [*common, *sorted(invented - set(common))]


def _draw(chance: random.Random, vocabulary: list[str]) -> str:
    """Draw a word as texts do: its chance falls with its rank (Zipf)."""
    return vocabulary[min(int(len(vocabulary) ** chance.random()) - 1, len(vocabulary) - 1)]


def _article(chance: random.Random, vocabulary: list[str]) -> Document:
    words = [_draw(chance, vocabulary) for _ in range(_WORDS_PER_ARTICLE)]
    for place in range(3, len(words), 12):
        words[place] += chance.choice(("\u200cهای", " ها", "ی", "،", ".", "هایی"))
    return Document(
        outlet_id="bench",
        title=" ".join(words[:10]),
        lead=" ".join(words[10:40]),
        body=" ".join(words[40:]),
        published_at=_NOW,
    )


def _rule(chance: random.Random, vocabulary: list[str], number: int) -> Rule:
    """Write a rule of about three terms, as subscribers do: a name, a phrase, an exclusion."""
    one, two, three, four = (chance.choice(vocabulary) for _ in range(4))
    shapes = (
        f"{one} AND {two} AND {three}",
        f'"{one} {two}" OR "{three} {four}"',
        f"{one} ({two} OR {three}) -{four}",
        f"{one} NEAR/10 {two}",
        f'"{one} {two}" {three}',
        f'{one}\u200c{two} OR "{three} {four}"',
    )
    return parse_rule(str(number), shapes[number % len(shapes)], now=_NOW)


if __name__ == "__main__":
    run(quick=False)
