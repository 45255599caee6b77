"""Runs a profile's extractors over one page, field by field."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import urljoin

from crawler import pagedates
from crawler.article import DateClaim, DateSource, Trust
from crawler.blocks import inline_text, tidy
from crawler.datenodes import date_texts
from crawler.extractors import Extractor, Where
from crawler.markup import Node, Tree, is_behind, select
from crawler.metadata import Metadata

_SOURCES: Final = {
    Where.SELECTOR: DateSource.VISIBLE,
    Where.META: DateSource.META,
    Where.JSON_LD: DateSource.JSON_LD,
    Where.ANY_DATE: DateSource.VISIBLE,
}
_MACHINE: Final = frozenset({Where.META, Where.JSON_LD})
_MOST_VALUES: Final = 50
_MOST_SORTED: Final = 200  # elements; with more a page is asked selector by selector
_LONGEST_DATE: Final = 200
_HIGHEST: Final = 8  # levels from the body up to the element that also holds the title
_FRESH: Final = timedelta(days=1)


class PageFields:
    """One parsed page, ready to be asked for fields.

    Where the body is known, selectors are first tried on the part of the page that holds body and
    title: what a sidebar or a teaser calls by the same name stays out, and it is ten times faster.
    """

    def __init__(self, tree: Tree, body: tuple[str, ...] = ()) -> None:
        self.tree = tree
        self.metadata = Metadata(tree)
        self._body = body
        self._found: dict[str, list[Node]] = {}

    @cached_property
    def chunks(self) -> tuple[Node, ...]:
        """The parts of the body: the first match with text and its like among its siblings."""
        for selector in self._body:
            first = self._first_with_text(selector)
            if first is not None:
                return _siblings(first, selector)
        return ()

    @cached_property
    def has_empty_body(self) -> bool:
        """Whether a body element is there but holds no text (a photo page)."""
        return not self.chunks and any(self.tree.css_first(each) for each in self._body)

    def _values(
        self, extractor: Extractor, among: Sequence[Extractor], *, near: bool = False
    ) -> Iterator[str]:
        """Yield the non-empty texts that one of a field's extractors finds, in page order.

        `near` keeps selectors to the part that holds body and title, where that part is known.
        """
        match extractor.where:
            case Where.META:
                yield from self.metadata.meta(extractor.query)
            case Where.JSON_LD:
                yield from self.metadata.json_ld(extractor.query)
            case Where.ANY_DATE:
                yield from date_texts(self.tree)
            case Where.SELECTOR:
                for node in self._nodes(extractor.query, among, near=near):
                    text = _value(node, extractor.attribute)
                    if text:
                        yield text

    def first(self, extractors: Sequence[Extractor], *, near: bool = False) -> str | None:
        """Return the first text of the first extractor that yields one.

        `near` keeps selectors to the part that holds body and title, where that part is known.
        """
        found = (text for each in extractors for text in self._values(each, extractors, near=near))
        return next(found, None)

    def head(self, extractors: Sequence[Extractor]) -> str | None:
        """Return the first text that stands before or in the body.

        A kicker or lead behind it belongs to a teaser, even when the article's own is empty.
        """
        for extractor in extractors:
            if extractor.where is not Where.SELECTOR or not self.chunks:
                text = next(self._values(extractor, extractors, near=True), None)
            else:
                values = (_value(node, extractor.attribute) for node in self._ahead(extractor))
                text = next(filter(None, values), None)
            if text:
                return text
        return None

    def all(self, extractors: Sequence[Extractor]) -> tuple[str, ...]:
        """Return every distinct text of the first extractor that yields any, at most 50."""
        for extractor in extractors:
            texts = dict.fromkeys(self._values(extractor, extractors))
            if texts:
                return tuple(texts)[:_MOST_VALUES]
        return ()

    def dates(self, extractors: Sequence[Extractor], *, now: datetime) -> Iterator[DateClaim]:
        """Yield a claim for the first readable date of every extractor, in order.

        An exact date in the metadata that is older than a day ends the reading: only a date of
        today may be the time of rendering and wants others beside it.
        """
        for extractor in extractors:
            claimed = self._date(extractor, extractors, now)
            if claimed is None:
                continue
            yield claimed
            is_exact = claimed.trust is Trust.EXACT and extractor.where in _MACHINE
            if is_exact and now - claimed.at > _FRESH:
                return

    def declared_address(self, page_url: str) -> str | None:
        """Return the absolute address that the page calls its own canonical one."""
        link = self._head.css_first("link[rel='canonical']")
        href = link.attributes.get("href") if link else None
        if not href or href == page_url:
            return href or None
        try:
            return urljoin(page_url, href)
        except ValueError:
            return None

    def heads(self) -> str:
        """Return what stands in the page's `<title>` and its first `<h1>`."""
        found = (self._head.css_first("title"), self.tree.css_first("h1"))
        return " ".join(inline_text(node) for node in found if node)

    @property
    def _head(self) -> Node | Tree:
        return self.tree.head or self.tree

    @cached_property
    def _scope(self) -> Node | None:
        """The nearest element around the body that holds a heading of level one, and its parent."""
        around = self.chunks[0].parent if self.chunks else None
        for _ in range(_HIGHEST):
            if around is None or around.tag == "body":
                return None
            if around.css_first("h1") is not None:
                parent = around.parent
                return around if parent is None or parent.tag == "body" else parent
            around = around.parent
        return None

    def _nodes(self, selector: str, among: Sequence[Extractor], *, near: bool) -> list[Node]:
        scope = self._scope
        found = select(scope, selector) if scope else []
        if found or (near and scope):
            return found
        is_first = selector == among[0].query  # which is what most pages print
        anywhere = [] if is_first else self._anywhere(among)
        if is_first or len(anywhere) > _MOST_SORTED:
            return select(self.tree, selector)
        return [node for node in anywhere if _matches(node, selector)]

    def _anywhere(self, among: Sequence[Extractor]) -> list[Node]:
        """Return what any of a field's selectors finds: one look at the tree instead of many.

        Most pages of a family print only some fields, and a look for ten selectors costs little
        more than a look for one; telling afterwards which selector found what costs next to
        nothing.
        """
        queries = ", ".join(each.query for each in among if each.where is Where.SELECTOR)
        if queries not in self._found:
            self._found[queries] = select(self.tree, queries)
        return self._found[queries]

    def _ahead(self, extractor: Extractor) -> Iterator[Node]:
        """Yield the elements before the body's end, in page order."""
        body = self.chunks[0]
        for node in select(self._scope or self.tree, extractor.query)[:_MOST_VALUES]:
            if is_behind(node, body):
                return
            if node.mem_id != body.mem_id:
                yield node

    def _first_with_text(self, selector: str) -> Node | None:
        first = self.tree.css_first(selector)
        if first is None or _has_text(first):
            return first
        return next(filter(_has_text, self.tree.css(selector)), None)

    def _date(
        self, extractor: Extractor, among: Sequence[Extractor], now: datetime
    ) -> DateClaim | None:
        source = _SOURCES[extractor.where]
        read = (
            pagedates.claim(text[:_LONGEST_DATE], source, now=now)
            for text in self._values(extractor, among)
        )
        return next((claimed for claimed in read if claimed), None)


def _value(node: Node, attribute: str | None) -> str:
    if attribute is None:
        return inline_text(node)
    return tidy(node.attributes.get(attribute) or "")


def _has_text(node: Node) -> bool:
    texts = (each.text_content for each in node.traverse(include_text=True))
    return any(text and not text.isspace() for text in texts)


def _matches(node: Node, selector: str) -> bool:
    """Tell whether an element itself matches: then it is the first match in its own subtree."""
    first = node.css_first(selector)
    return first is not None and first.mem_id == node.mem_id


def _siblings(first: Node, selector: str) -> tuple[Node, ...]:
    parent = first.parent
    if parent is None:
        return (first,)
    place = parent.mem_id
    return tuple(
        each for each in select(parent, selector) if each.parent and each.parent.mem_id == place
    )
