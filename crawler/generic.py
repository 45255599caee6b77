"""Reads an article from a page of an unknown site: where the text is dense, and what is furniture.

One walk over the tree, then arithmetic on what it found. The limits named in `choice`, `furniture`
and `trimming` were fitted on the development pages of three public benchmarks and on Persian pages;
`tests/benchmarks/extraction_bench.py` prints what they reach.
"""

from dataclasses import dataclass
from typing import Final

from crawler import choice, furniture, trimming
from crawler.article import Block
from crawler.blocks import inline_text
from crawler.choice import Choice
from crawler.density import scan
from crawler.fields import PageFields
from crawler.titles import choose_title
from crawler.trimming import Heads, Trimmed

_MOST_HEADINGS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Generic:
    """What an unknown page yielded; an empty body means there is no article on it."""

    title: str | None
    lead: str | None
    blocks: tuple[Block, ...]


def extract_generic(fields: PageFields) -> Generic:
    """Find title, lead and body of a page without a profile."""
    headings = [inline_text(node) for node in fields.tree.css("h1")[:_MOST_HEADINGS]]
    page_title = fields.tree.css_first("title")
    printed = inline_text(page_title) if page_title else ""
    meta = fields.metadata.meta
    declared = (*fields.metadata.json_ld("headline"), *meta("og:title"), *meta("twitter:title"))
    heads = trimming.heads(
        [*headings, *declared],
        printed,
        [*meta("og:description"), *meta("description"), *meta("twitter:description")],
    )
    body = _body(fields, heads)
    return Generic(
        title=choose_title(headings, declared, printed),
        lead=body.lead,
        blocks=tuple(Block(kind=each.kind, text=each.text) for each in body.records),
    )


def _body(fields: PageFields, heads: Heads) -> Trimmed:
    root = fields.tree.body
    if root is None:
        return Trimmed(records=(), lead=None)
    found = scan(root)
    choice.weigh(found)
    furniture.mark(found)
    return trimming.trim(found, Choice(found), heads)
