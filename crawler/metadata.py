"""What a page says about itself for machines: its `<meta>` elements and its JSON-LD."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from html import unescape
from typing import Any, Final

from crawler.blocks import tidy
from crawler.markup import Node, Tree

_NAME_KEYS: Final = frozenset({"property", "name", "itemprop", "http-equiv"})
_ARTICLE_TYPE: Final = re.compile(r"Article|Posting|Report$|^Review$")
_WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$"
)
_WRAPPERS: Final = ("<!--", "//", "<![CDATA[", "/*")
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
_READ: Final = json.JSONDecoder(strict=False).decode
_SCRIPTS: Final = 'script[type*="ld+json"]'
_MOST_SCRIPTS: Final = 20
_LONGEST_SCRIPT: Final = 400_000
_MOST_NODES: Final = 2_000


class Metadata:
    """The machine-readable statements of one page, read when first asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def meta(self, name: str) -> tuple[str, ...]:
        """Return the non-empty contents of every `<meta>` of that name, in page order."""
        contents = map(tidy, self._metas.get(name.lower(), ()))
        return tuple(content for content in contents if content)

    def json_ld(self, path: str) -> tuple[str, ...]:
        """Return the texts at a dotted path (`author.name`) of the page's article node.

        Lists on the way are walked through, an object at the end gives its `name`, `url` or `@id`.
        """
        found: list[Any] = [self.article]
        for key in path.lower().split("."):
            found = [value for node in found for value in _step(node, key)]
        texts = (tidy(unescape(text)) for value in found for text in _texts(value))
        return tuple(text for text in texts if text)

    @cached_property
    def article(self) -> dict[str, Any]:
        """The JSON-LD node of the article, a dated one if any is; empty when there is none."""
        nodes = [node for node in self._nodes() if _is_article(node)]
        return max(nodes, key=lambda each: "datePublished" in each, default={})

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        metas: dict[str, list[str]] = {}
        for node in (self._tree.head or self._tree).css("meta[content]"):
            attributes = node.attributes
            content = attributes["content"] or ""
            for key, name in attributes.items():
                if name and key in _NAME_KEYS:
                    metas.setdefault(name.lower(), []).append(content)
        return metas

    def _nodes(self) -> Iterator[dict[str, Any]]:
        budget = _MOST_NODES
        head = self._tree.head
        scripts = head.css(_SCRIPTS) if head else []
        scripts = (scripts or self._tree.css(_SCRIPTS))[:_MOST_SCRIPTS]
        waiting = [value for script in reversed(scripts) for value in _parsed(script)]
        while waiting and budget:
            budget -= 1
            value = waiting.pop()
            if isinstance(value, dict):
                yield value
                waiting.extend(value[key] for key in _NESTING if key in value)
            elif isinstance(value, list):
                waiting.extend(reversed(value))


_NESTING: Final = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")


def _parsed(script: Node) -> Iterator[Any]:
    text = script.text().strip()
    if text.startswith(_WRAPPERS):
        text = _WRAPPING.sub("", text)
    if not text or len(text) > _LONGEST_SCRIPT:
        return
    try:
        yield _READ(text)
    except (ValueError, RecursionError):
        with suppress(ValueError, RecursionError):
            yield _READ(_TRAILING_COMMA.sub(r"\1", text))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in kinds)


def _step(node: object, key: str) -> Iterator[Any]:
    if isinstance(node, list):
        for each in node:
            yield from _step(each, key)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name.lower() == key:
                yield value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for key in ("name", "url", "@id"):
            if isinstance(value.get(key), str):
                yield value[key]
                return
