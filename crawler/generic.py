"""Reads an article from a page of an unknown site: where the text is dense, and what is furniture.

One walk over the tree, then arithmetic on what it found. The limits named in `choice`, `furniture`
and `trimming` were fitted on the development pages of three public benchmarks and on Persian pages;
`tests/benchmarks/extraction_bench.py` prints what they reach.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crawler import choice, furniture, trimming
from crawler.article import Block, BlockKind
from crawler.blocks import inline_text
from crawler.choice import Choice
from crawler.density import Scan, scan
from crawler.fields import PageFields
from crawler.furniture import Furniture
from crawler.markup import Node, select
from crawler.titles import choose_title
from crawler.trimming import NO_ROW, Heads, Trimmed

_MOST_HEADINGS: Final = 8
_LEAST_WEIGHT: Final = 500.0  # of less text the whole page is looked at, furniture too
_LANDMARKS: Final = "h1, p, main, article, [role='main']"
_NO_REGIONS: Final = frozenset({"h1", "p"})
_MOST_REGIONS: Final = 12
_FEW_PARAGRAPHS: Final = 4
_MOST_PARAGRAPHS: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Generic:
    """What an unknown page yielded; an empty body means there is no article on it.

    `labels` are the short texts printed before the body, the nearest first: dates, desks, numbers.
    """

    title: str | None
    lead: str | None
    blocks: tuple[Block, ...]
    labels: tuple[str, ...] = ()


def extract_generic(fields: PageFields) -> Generic:
    """Find title, lead and body of a page without a profile."""
    root = fields.tree.body
    found = select(root, _LANDMARKS) if root else []
    headings = [inline_text(node) for node in found if node.tag == "h1"][:_MOST_HEADINGS]
    page_title = fields.tree.css_first("title")
    printed = inline_text(page_title) if page_title else ""
    meta = fields.metadata.meta
    declared = (*meta("og:title"), *meta("twitter:title"))
    declared = declared or fields.metadata.json_ld("headline")
    heads = trimming.heads(
        [*headings, *declared],
        printed,
        [*meta("og:description"), *meta("description"), *meta("twitter:description")],
    )
    body = _body(root, found, heads)
    return Generic(
        title=choose_title(headings, declared, printed),
        lead=body.lead,
        blocks=_blocks(body),
        labels=body.labels,
    )


def _blocks(body: Trimmed) -> tuple[Block, ...]:
    """Make blocks of records; cells of one table row become one block."""
    blocks: list[Block] = []
    row = NO_ROW
    for record, own in zip(body.records, body.rows, strict=True):
        if own != NO_ROW and own == row:
            text = f"{blocks.pop().text}\t{record.text}"
            blocks.append(Block(kind=BlockKind.TABLE_ROW, text=text))
        else:
            kind = record.kind if own == NO_ROW else BlockKind.TABLE_ROW
            blocks.append(Block(kind=kind, text=record.text))
        row = own
    return tuple(blocks)


def _body(root: Node | None, landmarks: Iterable[Node], heads: Heads) -> Trimmed:
    if root is None:
        return Trimmed(records=(), lead=None)
    region = _region(root, landmarks)
    found = _weighed(region, worst=Furniture.SURE)
    if sum(each.weight for each in found.records) < _LEAST_WEIGHT:
        found = _weighed(root)
    furniture.mark(found)
    return trimming.trim(found, Choice(found), heads)


def _weighed(root: Node, worst: int = Furniture.SURE + 1) -> Scan:
    found = scan(root, furniture.judge, worst=worst)
    choice.weigh(found)
    return found


def _region(body: Node, landmarks: Iterable[Node]) -> Node:
    """Return the one `<main>` or `<article>` that holds most paragraphs of the page, else the body.

    It saves looking at the rest; a page without `<p>` is looked at whole.
    """
    tags = [(node, node.tag) for node in landmarks]
    candidates = [node for node, tag in tags if tag not in _NO_REGIONS][:_MOST_REGIONS]
    everywhere = sum(tag == "p" for _, tag in tags)
    if everywhere < _FEW_PARAGRAPHS:
        return body
    counts = [len(node.css("p")) for node in candidates]
    most = max(counts, default=0)
    if most < _MOST_PARAGRAPHS * everywhere:
        return body
    return candidates[len(counts) - 1 - counts[::-1].index(most)]
