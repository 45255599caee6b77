"""Runs a profile's extractors over one page, field by field."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from crawler import pagedates
from crawler.article import DateClaim, DateSource
from crawler.blocks import inline_text, tidy
from crawler.extractors import Extractor, Where
from crawler.markup import Node, Tree
from crawler.metadata import Metadata

_SOURCES: Final = {
    Where.SELECTOR: DateSource.VISIBLE,
    Where.META: DateSource.META,
    Where.JSON_LD: DateSource.JSON_LD,
}
_MOST_VALUES: Final = 50
_LONGEST_DATE: Final = 200


class PageFields:
    """One parsed page, ready to be asked for fields."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.metadata = Metadata(tree)

    def values(self, extractor: Extractor) -> Iterator[str]:
        """Yield the non-empty texts an extractor finds, in page order."""
        match extractor.where:
            case Where.META:
                yield from self.metadata.meta(extractor.query)
            case Where.JSON_LD:
                yield from self.metadata.json_ld(extractor.query)
            case Where.SELECTOR:
                for node in self.tree.css(extractor.query):
                    text = _value(node, extractor.attribute)
                    if text:
                        yield text

    def first(self, extractors: Iterable[Extractor]) -> str | None:
        """Return the first text of the first extractor that yields one."""
        found = (text for extractor in extractors for text in self.values(extractor))
        return next(found, None)

    def all(self, extractors: Iterable[Extractor]) -> tuple[str, ...]:
        """Return every distinct text of the first extractor that yields any, at most 50."""
        for extractor in extractors:
            texts = dict.fromkeys(self.values(extractor))
            if texts:
                return tuple(texts)[:_MOST_VALUES]
        return ()

    def dates(self, extractors: Iterable[Extractor], *, now: datetime) -> Iterator[DateClaim]:
        """Yield a claim for the first readable date of every extractor, in order."""
        for extractor in extractors:
            source = _SOURCES[extractor.where]
            for text in self.values(extractor):
                claimed = pagedates.claim(text[:_LONGEST_DATE], source, now=now)
                if claimed:
                    yield claimed
                    break

    def holds(self, selectors: Iterable[str]) -> bool:
        """Tell whether any of the selectors matches an element, empty or not."""
        return any(self.tree.css_first(selector) for selector in selectors)

    def declared_address(self, page_url: str) -> str | None:
        """Return the absolute address that the page calls its own canonical one."""
        link = self.tree.css_first("link[rel='canonical']")
        href = link.attributes.get("href") if link else None
        try:
            return urljoin(page_url, href) if href else None
        except ValueError:
            return None

    def chunks(self, selectors: Iterable[str]) -> tuple[Node, ...]:
        """Return the parts of a body: the first match with text and its like among siblings."""
        for selector in selectors:
            matches = self.tree.css(selector)
            for match in matches:
                if match.text().strip():
                    return _siblings(match, matches)
        return ()


def _value(node: Node, attribute: str | None) -> str:
    if attribute is None:
        return inline_text(node)
    return tidy(node.attributes.get(attribute) or "")


def _siblings(first: Node, matches: list[Node]) -> tuple[Node, ...]:
    parent = first.parent
    place = parent.mem_id if parent else None
    return tuple(each for each in matches if each.parent and each.parent.mem_id == place)
