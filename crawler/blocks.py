"""Walks a part of a page into blocks of text: inline joined with nothing, blocks with a break."""

from collections.abc import Collection
from typing import Final

from crawler.article import Block, BlockKind
from crawler.markup import TEXT, Node, names_by_id

_SKIPPED: Final = frozenset(
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
LINE_BREAK: Final = "\x00"  # no page holds it: the parser replaces it
_CELL: Final = "\x01"
_BYTE_ORDER_MARK: Final = "\ufeff"
_ZWNJ: Final = "\u200c"
_NAMES: Final = names_by_id((*_SKIPPED, *_BLOCKS, *_CELLS, "br"))


def tidy(text: str) -> str:
    """Make every run of white space (NBSP too) one space and trim; ZWNJ stays where it was."""
    bare = text.strip()
    if "  " not in bare and bare.replace(_ZWNJ, "").isprintable():  # single spaces: half the time
        return bare
    if _BYTE_ORDER_MARK in text:
        text = text.replace(_BYTE_ORDER_MARK, "")
    return " ".join(text.split())


def tidy_lines(text: str) -> list[str]:
    """Tidy a text in which NUL stands for a line break; two breaks in a row begin a new part."""
    parts: list[list[str]] = [[]]
    for line in text.split(LINE_BREAK):
        tidied = tidy(line)
        if tidied:
            parts[-1].append(tidied)
        elif parts[-1]:
            parts.append([])
    return ["\n".join(part) for part in parts if part]


def inline_text(node: Node) -> str:
    """Return the text of a small element as one line, without scripts and styles."""
    only = node.first_child
    if only is None:
        return ""
    if only.next is None and only.tag == TEXT:
        return tidy(only.text_content or "")
    if node.css_first("script, style, br") is None:
        return tidy(node.text())
    return tidy(" ".join(block.text for block in walk(node)))


class _Builder:
    """Collects pieces of text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []

    def enter(self, tag: str, kind: BlockKind) -> BlockKind | None:
        """Begin an element inside a block of `kind`; return the kind of block it opens, if any."""
        if tag == "br":
            self.pieces.append(LINE_BREAK)
        elif tag in _CELLS and self.pieces:
            self.pieces.append(_CELL)
        block = _BLOCKS.get(tag)
        if block is None:
            return None
        self.close(kind)
        return kind if block is BlockKind.PARAGRAPH and kind in _INHERITED else block

    def close(self, kind: BlockKind) -> None:
        """End the block that was being collected; two line breaks in a row end one too."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        self.pieces.clear()
        parts = tidy_lines(text) if LINE_BREAK in text else [tidy(text)]
        for part in parts:
            cells = _cells(part) if _CELL in part else part
            if cells:
                self.blocks.append(Block(kind=kind, text=cells))


def _cells(row: str) -> str:
    return "\t".join(filter(None, (cell.strip() for cell in row.split(_CELL))))


def walk(
    root: Node, *, dropped: Collection[int] = (), stops: Collection[int] = ()
) -> tuple[Block, ...]:
    """Return the blocks under `root` in reading order, in time linear in its elements.

    `dropped` are `mem_id`s of elements left out with all they hold, `stops` of elements at which
    the walk ends. Text that stands directly in a `<div>` is a block.
    """
    builder = _Builder()
    pieces, name = builder.pieces, _NAMES.get
    marked = {*dropped, *stops}
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
        tag = name(node.tag_id)
        if tag == TEXT:
            text = node.text_content or ""
            if pieces or not text.isspace():
                pieces.append(text)
        elif marked and node.mem_id in marked:
            if node.mem_id in stops:
                break
        elif tag not in _SKIPPED:
            block = builder.enter(tag, kind) if tag else None
            child = node.first_child
            if child is not None:
                levels.append((node.next, kind, block is not None))
                kind = block or kind
                node = child
                continue
        node = node.next
    builder.close(kind)
    return tuple(builder.blocks)
