"""Walks a part of a page into blocks of text: inline joined with nothing, blocks with a break."""

import re
from collections.abc import Collection
from typing import Final

from crawler.article import Block, BlockKind
from crawler.markup import Node

SKIPPED: Final = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "svg", "form", "button", "select",
        "textarea", "input", "audio", "video", "object", "canvas", "nav", "aside", "map", "head",
        "title", "meta", "link",
    }
)  # fmt: skip
_BLOCKS: Final = {
    **dict.fromkeys(
        (
            "p", "div", "section", "article", "main", "header", "footer", "ul", "ol", "dl", "dd",
            "dt", "table", "tbody", "thead", "tfoot", "caption", "figure", "details", "summary",
            "fieldset", "address", "center", "pre", "hr", "body",
        ),
        BlockKind.PARAGRAPH,
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    "blockquote": BlockKind.QUOTE,
    "li": BlockKind.LIST_ITEM,
    "tr": BlockKind.TABLE_ROW,
    "figcaption": BlockKind.CAPTION,
}  # fmt: skip
_INHERITED: Final = frozenset({BlockKind.QUOTE, BlockKind.LIST_ITEM, BlockKind.CAPTION})
_CELLS: Final = frozenset({"td", "th"})
_SPACE: Final = re.compile("[\\s\u00a0\u2000-\u200a\u202f\u205f\u3000\ufeff]+")
_SPACES: Final = re.compile(" {2,}")
_AROUND_BREAK: Final = re.compile(r" *\n *")
_BREAKS: Final = re.compile(r"\n{2,}")


def tidy(text: str) -> str:
    """Make every run of white space (NBSP too) one space and trim; ZWNJ stays where it was."""
    return _SPACE.sub(" ", text).strip()


def inline_text(node: Node) -> str:
    """Return the text of a small element as one line, without scripts and styles."""
    if node.css_first("script, style, br") is None:
        return tidy(node.text())
    return tidy(" ".join(block.text for block in walk(node)))


class _Builder:
    """Collects pieces of text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []

    def add(self, text: str) -> None:
        self._pieces.append(_SPACE.sub(" ", text))

    def enter(self, tag: str, kind: BlockKind) -> BlockKind | None:
        """Begin an element inside a block of `kind`; return the kind of block it opens, if any."""
        if tag == "br":
            self._pieces.append("\n")
        elif tag in _CELLS and self._pieces:
            self._pieces.append("\t")
        block = _BLOCKS.get(tag)
        if block is None:
            return None
        self.close(kind)
        return kind if block is BlockKind.PARAGRAPH and kind in _INHERITED else block

    def close(self, kind: BlockKind) -> None:
        """End the block that was being collected; two line breaks in a row end one too."""
        if not self._pieces:
            return
        text = _AROUND_BREAK.sub("\n", "".join(self._pieces))
        self._pieces.clear()
        for part in _BREAKS.split(text):
            tidied = _lines(part)
            if tidied:
                self.blocks.append(Block(kind=kind, text=tidied))


def _lines(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" \n\t")


def walk(
    root: Node,
    *,
    dropped: Collection[int] = (),
    stops: Collection[int] = (),
    skipped: Collection[str] = SKIPPED,
) -> tuple[Block, ...]:
    """Return the blocks under `root` in reading order, in time linear in its elements.

    `dropped` are `mem_id`s of elements left out with all they hold, `stops` of elements at which
    the walk ends, `skipped` the tags never entered. Text that stands directly in a `<div>` is a
    block.
    """
    builder = _Builder()
    levels: list[tuple[Node | None, BlockKind, bool]] = []
    kind = BlockKind.PARAGRAPH
    node = root.first_child
    while node is not None or levels:
        if node is None:
            node, outer, is_block = levels.pop()
            if is_block:
                builder.close(kind)
            kind = outer
            continue
        tag = node.tag or ""
        if tag == "-text":
            builder.add(node.text_content or "")
        elif node.mem_id in stops:
            break
        elif tag not in skipped and node.mem_id not in dropped:
            block = builder.enter(tag, kind)
            child = node.first_child
            if child is not None:
                levels.append((node.next, kind, block is not None))
                kind = block or kind
                node = child
                continue
        node = node.next
    builder.close(kind)
    return tuple(builder.blocks)
