"""Chooses the records of a page that make up the article's body."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.article import BlockKind
from crawler.density import Container, Record, Scan

_SENTENCE: Final = re.compile(r"[.!?؟…۔。:»”\"]$|[,،;؛] ")
_LINKED: Final = 0.5
_SHORT: Final = 80
_TINY: Final = 25
_SHORT_DISCOUNT: Final = 0.1
_DESCEND: Final = 0.8  # go into a container that holds this share of its parent's weight
_PARAGRAPH_TAGS: Final = frozenset(
    {
        "p", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
        "table", "tbody", "thead", "tfoot", "tr", "td", "th", "pre", "center", "figure",
        "figcaption", "hr", "caption", "details", "summary",
    }
)  # fmt: skip
_NEVER_ROOT: Final = frozenset({"p", "li", "td", "h1", "h2", "h3", "blockquote"})
_MANY_LINES: Final = 3  # a leaf of that many blocks (by line breaks) is a host, not a paragraph
_TEASER_WEIGHT: Final = 400.0
_MINOR: Final = 0.15
_COMMON: Final = 0.3
_DOMINANT: Final = 0.5
_LINK_HEADING: Final = 0.8
_LINK_BLOCK: Final = 0.6
_LONG_LINK_BLOCK: Final = 0.8
_LONG: Final = 100
_DIGITS: Final = re.compile(r"\d+")


def weigh(found: Scan) -> None:
    """Weigh each record: its letters outside links, little for short ones without a sentence."""
    for record in found.records:
        record.weight = _weight(record)


def _weight(record: Record) -> float:
    size, share = len(record.text), record.link_share
    if share > _LINKED:
        return 0.0
    if size >= _SHORT or _SENTENCE.search(record.text):
        return size * (1 - share)
    return size * (1 - share) * _SHORT_DISCOUNT if size > _TINY else 0.0


class Choice:
    """The part of a page that holds the article, and which of its records belong to the body.

    `root` is the smallest container that holds nearly all the weight, `main` the one in which most
    paragraphs stand directly. A record belongs when its host is `main`, of the same name as `main`,
    or heavy enough; teasers (a linked heading with a little text) and other `<article>`s do not.
    """

    def __init__(self, found: Scan) -> None:
        self._containers = found.containers
        self._records = found.records
        self._hosts = _hosts(found.containers)
        self._titles = _titles(found)
        root = found.containers[_root(found.containers)]
        self._range = range(root.first, root.end)
        self._weights = self._host_weights()
        self.main = max(self._weights, key=self._weights.__getitem__, default=0)
        self._total = sum(self._weights.values())
        self._teasers = self._teaser_hosts()
        self._by_name = self._weights_by_name()
        self._article = self._enclosing_article(self.main)
        self._belongs: dict[int, bool] = {}

    def before(self, first: Record) -> Iterator[Record]:
        """Yield every record before `first`, backwards."""
        places = (place for place, record in enumerate(self._records) if record is first)
        for place in range(next(places, 0) - 1, -1, -1):
            yield self._records[place]

    def host(self, record: Record) -> int:
        """Return the container in which a record's paragraph stands."""
        return self._hosts[record.container]

    def body(self) -> Iterator[Record]:
        """Yield the records of the body in page order, captions and link lists left out."""
        for index in self._range:
            record = self._records[index]
            if record.is_furniture or record.kind is BlockKind.CAPTION:
                continue
            host = self._hosts[record.container]
            if record.link_share and _is_linked(record, in_main=host == self.main):
                continue
            if host not in self._belongs:
                self._belongs[host] = self._judge(host)
            if self._belongs[host]:
                yield record

    def _judge(self, host: int) -> bool:
        main, each = self._containers[self.main], self._containers[host]
        if host == self.main:
            return True
        if self._is_other_article(host) or self._has_own_title(host):
            return False
        weight = self._weights.get(host, 0.0)
        if host in self._teasers and weight < _TEASER_WEIGHT:
            return False
        if host > self.main and each.end <= main.end:
            return True
        total = self._total
        if self._weights[self.main] < _DOMINANT * total or _name(each) == _name(main):
            return True
        by_name = self._by_name.get(_name(each), 0.0)
        return weight >= _MINOR * self._weights[self.main] or by_name >= _COMMON * total

    def _is_other_article(self, host: int) -> bool:
        """Tell whether a host stands in an `<article>` that is another story, and no section."""
        own = self._enclosing_article(host)
        if self._article < 0 or own < 0 or own == self._article:
            return False
        other, main = self._containers[own], self._containers[self._article]
        if _holds(other, main):
            return False
        is_flat = self._weights[self.main] < _DOMINANT * self._total
        is_section = other.parent == main.parent and is_flat
        return not is_section or self._has_title(other) or self._has_title(main)

    def _has_own_title(self, host: int) -> bool:
        """Tell whether a host's branch of the page has a title, as the main branch has one."""
        containers, main = self._containers, self._containers[self.main]
        branch = host
        while branch and not _holds(containers[containers[branch].parent], main):
            branch = containers[branch].parent
        if not branch or _holds(containers[branch], main):
            return False
        own = self.main
        while own and containers[own].parent != containers[branch].parent:
            own = containers[own].parent
        return self._has_title(containers[branch]) and self._has_title(containers[own])

    def _has_title(self, article: Container) -> bool:
        return any(article.first <= place < article.end for place in self._titles)

    def _enclosing_article(self, index: int) -> int:
        while index > 0 and self._containers[index].tag != "article":
            index = self._containers[index].parent
        return index if index > 0 else -1

    def _host_weights(self) -> dict[int, float]:
        weights: dict[int, float] = {}
        for index in self._range:
            record = self._records[index]
            if record.weight:
                host = self._hosts[record.container]
                weights[host] = weights.get(host, 0.0) + record.weight
        return weights

    def _teaser_hosts(self) -> set[int]:
        records = (self._records[index] for index in self._range)
        return {
            self._hosts[record.container]
            for record in records
            if record.kind is BlockKind.HEADING and record.link_share > _LINK_HEADING
        }

    def _weights_by_name(self) -> dict[tuple[str, str], float]:
        by_name: dict[tuple[str, str], float] = {}
        for host, weight in self._weights.items():
            name = _name(self._containers[host])
            by_name[name] = by_name.get(name, 0.0) + weight
        return by_name


def _holds(outer: Container, inner: Container) -> bool:
    return outer.first <= inner.first and inner.end <= outer.end


def _is_linked(record: Record, *, in_main: bool) -> bool:
    if record.kind is BlockKind.HEADING:
        return False
    is_long = in_main and len(record.text) > _LONG
    return record.link_share > (_LONG_LINK_BLOCK if is_long else _LINK_BLOCK)


def _name(each: Container) -> tuple[str, str]:
    return each.tag, _DIGITS.sub("", each.label.partition("#")[0])


def _titles(found: Scan) -> list[int]:
    """Return the places of the records that are headings of level one."""
    tops = {index for index, each in enumerate(found.containers) if each.tag == "h1"}
    return [place for place, record in enumerate(found.records) if record.container in tops]


def _hosts(containers: list[Container]) -> list[int]:
    """Return for each container the nearest one that is more than a paragraph."""
    is_leaf = [True] * len(containers)
    for each in containers[1:]:
        is_leaf[each.parent] = False
    hosts = [0] * len(containers)
    for index, each in enumerate(containers):
        if index:
            few = each.end - each.first < _MANY_LINES
            is_paragraph = few if is_leaf[index] else each.tag in _PARAGRAPH_TAGS
            hosts[index] = hosts[each.parent] if is_paragraph else index
    return hosts


def _root(containers: list[Container]) -> int:
    heaviest: dict[int, int] = {}
    for index, each in enumerate(containers):
        best = heaviest.get(each.parent)
        if index and (best is None or each.weight > containers[best].weight):
            heaviest[each.parent] = index
    root = 0
    while True:
        child = heaviest.get(root)
        if child is None or containers[child].tag in _NEVER_ROOT:
            return root
        weight = containers[child].weight
        if not weight or weight < _DESCEND * containers[root].weight:
            return root
        root = child
