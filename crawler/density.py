"""Scans a page once into its blocks of text and the containers that hold them.

Nothing is decided here; `crawler.furniture` and `crawler.choice` judge what the scan found.
"""

from dataclasses import dataclass
from typing import Final

from crawler.article import BlockKind
from crawler.markup import Node

_SKIPPED: Final = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "svg", "button", "select", "textarea",
        "input", "audio", "video", "object", "canvas", "map", "head", "title", "meta", "link",
        "-comment", "label", "option", "dialog", "math", "embed", "img", "picture", "source",
    }
)  # fmt: skip
_KINDS: Final = {
    **dict.fromkeys(
        (
            "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "form",
            "fieldset", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead", "tfoot", "td",
            "th", "details", "summary", "address", "center", "pre", "hr", "tr",
        ),
        BlockKind.PARAGRAPH,
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("figure", "figcaption", "caption"), BlockKind.CAPTION),
    "blockquote": BlockKind.QUOTE,
    "li": BlockKind.LIST_ITEM,
}  # fmt: skip
_BREAK: Final = "\x00"  # no page holds it: the parser replaces it


@dataclass(slots=True)
class Container:
    """One block element: its place, its names, and the records it holds (`first` to `end`)."""

    parent: int
    tag: str
    label: str
    first: int
    end: int = 0
    weight: float = 0.0


@dataclass(slots=True)
class Record:
    """One block of text; `link_share` is the part of it that stands in links, 0 to 1."""

    text: str
    link_share: float
    kind: BlockKind
    container: int
    weight: float = 0.0
    is_furniture: bool = False


@dataclass(slots=True)
class Scan:
    """A page's containers (the root is the first) and records, both in page order."""

    containers: list[Container]
    records: list[Record]


def scan(root: Node) -> Scan:
    """Walk everything under `root` once, in time linear in its elements."""
    return _Scanner(root.tag or "").run(root)


class _Scanner:
    """The state of one walk: the open containers, and the text collected for the next record."""

    def __init__(self, tag: str) -> None:
        self.found = Scan(containers=[Container(-1, tag, "", 0)], records=[])
        self._pieces: list[str] = []
        self._linked = 0
        self._current = 0

    def run(self, root: Node) -> Scan:
        levels: list[tuple[Node | None, int, bool, bool]] = []
        node, in_link = root.first_child, False
        while node is not None or levels:
            if node is None:
                node, outer, in_link, is_block = levels.pop()
                if is_block:
                    self._leave(outer)
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._add(node.text_content or "", in_link=in_link)
            elif tag == "br":
                self._pieces.append(_BREAK)
            elif tag not in _SKIPPED:
                child = node.first_child
                if child is not None:
                    is_block = tag in _KINDS
                    levels.append((node.next, self._current, in_link, is_block))
                    if is_block:
                        self._enter(node, tag)
                    in_link = in_link or tag == "a"
                    node = child
                    continue
            node = node.next
        self._leave(0)
        return self.found

    def _add(self, text: str, *, in_link: bool) -> None:
        if text.isspace():
            if self._pieces:
                self._pieces.append(" ")
            return
        self._pieces.append(text)
        if in_link:
            self._linked += len(text.strip())

    def _enter(self, node: Node, tag: str) -> None:
        if self._pieces:
            self._flush()
        attributes = node.attributes
        label = f"{attributes.get('class') or ''} #{attributes.get('id') or ''}"
        if "hidden" in attributes:
            label += " hidden"
        found = self.found
        found.containers.append(Container(self._current, tag, label, len(found.records)))
        self._current = len(found.containers) - 1

    def _leave(self, outer: int) -> None:
        if self._pieces:
            self._flush()
        self.found.containers[self._current].end = len(self.found.records)
        self._current = outer

    def _flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        linked, self._linked = self._linked, 0
        kind = _KINDS.get(self.found.containers[self._current].tag, BlockKind.PARAGRAPH)
        parts = _lines(text) if _BREAK in text else [" ".join(text.split())]
        share = min(1.0, linked / (sum(map(len, parts)) or 1)) if linked else 0.0
        for part in parts:
            if part:
                self.found.records.append(Record(part, share, kind, self._current))


def _lines(text: str) -> list[str]:
    """Split at two line breaks in a row; one stays a line feed."""
    parts: list[list[str]] = [[]]
    for line in text.split(_BREAK):
        tidied = " ".join(line.split())
        if tidied:
            parts[-1].append(tidied)
        elif parts[-1]:
            parts.append([])
    return ["\n".join(part) for part in parts]
