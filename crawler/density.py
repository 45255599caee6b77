"""Scans a page once into its blocks of text and the containers that hold them.

Nothing is decided here; `crawler.furniture` and `crawler.choice` judge what the scan found.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from crawler.article import BlockKind
from crawler.blocks import LINE_BREAK, tidy, tidy_lines
from crawler.markup import TEXT, Node, names_by_id

_SKIPPED: Final = "-skipped"
_LEFT_OUT: Final = (
    "script", "style", "noscript", "template", "iframe", "svg", "button", "select", "textarea",
    "input", "audio", "video", "object", "canvas", "map", "head", "title", "meta", "link",
    "label", "option", "dialog", "math", "embed", "img", "picture", "source",
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
_NAMES: Final = {
    **dict.fromkeys(names_by_id(_LEFT_OUT), _SKIPPED),
    **names_by_id(("a", "br", *_KINDS)),
}
_INLINE: Final = -1  # instead of a container

UNNAMED: Final = " #"  # the label of an element without class and id


@dataclass(slots=True)
class Container:
    """One block element: its place, its names, and the records it holds (`first` to `end`).

    `end` is known when the walk leaves it, `weight` when the records of the page are weighed.
    """

    parent: int
    tag: str
    label: str
    first: int
    verdict: int = 0
    end: int = field(init=False)
    weight: float = field(init=False)


@dataclass(slots=True)
class Record:
    """One block of text; `link_share` is the part of it that stands in links, 0 to 1.

    `crawler.choice` weighs it.
    """

    text: str
    link_share: float
    kind: BlockKind
    container: int
    weight: float = field(init=False)
    is_furniture: bool = False


@dataclass(slots=True)
class Scan:
    """A page's containers (the root is the first) and records, both in page order."""

    containers: list[Container]
    records: list[Record]


def scan(root: Node, judge: Callable[[str, str], int], *, worst: int) -> Scan:
    """Walk everything under `root` once, in time linear in its elements.

    `judge` gives a verdict on each container's label and tag, which is kept with it; one of `worst`
    or more leaves the container out with all it holds.
    """
    return _Scanner(root.tag or "", judge, worst).run(root)


class _Scanner:
    """The state of one walk: the open containers, and the text collected for the next record."""

    def __init__(self, tag: str, judge: Callable[[str, str], int], worst: int) -> None:
        self._judge = judge
        self._worst = worst
        self._containers = [Container(-1, tag, "", 0)]
        self._records: list[Record] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._current = 0

    def run(self, root: Node) -> Scan:  # noqa: C901 - one loop; calls in it cost a third more
        """Walk everything under `root`."""
        levels: list[tuple[Node | None, int, bool]] = []
        node, in_link = root.first_child, False
        pieces, name = self._pieces, _NAMES.get
        while node is not None or levels:
            if node is None:
                node, outer, in_link = levels.pop()
                if outer != _INLINE:
                    self._leave(outer)
                continue
            tag = name(node.tag_id)
            if tag == TEXT:
                text = node.text_content or ""
                if not text.isspace():
                    pieces.append(text)
                    if in_link:
                        self._linked += len(text.strip())
                elif pieces:
                    pieces.append(" ")
            elif tag == "br":
                pieces.append(LINE_BREAK)
            elif tag != _SKIPPED:
                child = node.first_child
                if child is not None:
                    outer = _INLINE
                    if tag in _KINDS:
                        outer = self._current
                        if not self._enter(node, tag):
                            node = node.next
                            continue
                    levels.append((node.next, outer, in_link))
                    in_link = in_link or tag == "a"
                    node = child
                    continue
            node = node.next
        self._leave(0)
        return Scan(containers=self._containers, records=self._records)

    def _enter(self, node: Node, tag: str) -> bool:
        if self._pieces:
            self._flush()
        attributes = node.attributes
        label = UNNAMED
        if attributes:
            label = f"{attributes.get('class') or ''} #{attributes.get('id') or ''}"
            if "hidden" in attributes:
                label += " hidden"
        verdict = self._judge(label, tag)
        if verdict >= self._worst:
            return False
        containers = self._containers
        containers.append(Container(self._current, tag, label, len(self._records), verdict))
        self._current = len(containers) - 1
        return True

    def _leave(self, outer: int) -> None:
        if self._pieces:
            self._flush()
        self._containers[self._current].end = len(self._records)
        self._current = outer

    def _flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        linked, self._linked = self._linked, 0
        parts = tidy_lines(text) if LINE_BREAK in text else [tidy(text)]
        size = sum(map(len, parts)) if linked else 0
        share = min(1.0, linked / size) if size else 0.0
        kind = _KINDS.get(self._containers[self._current].tag, BlockKind.PARAGRAPH)
        self._records += [Record(part, share, kind, self._current) for part in parts if part]
