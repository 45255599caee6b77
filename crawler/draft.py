"""Drafts the file of an outlet nobody has described yet, from its front page."""

import re
from typing import Final
from urllib.parse import urlsplit

from crawler.markup import Tree
from crawler.page import Page

_FACE: Final = re.compile(r"^(?:www|m)\.")
_SUFFIX: Final = re.compile(r"(?:\.(?:com|co|org|net|gov|ac|sch|news|online|ir))+$")
_NO_ID: Final = re.compile(r"[^a-z0-9]+")
_TITLE_CUT: Final = re.compile(r"\s*[|»«:]\s+|\s+[|\-–—]\s+")


def draft_table(page: Page, tree: Tree, *, profile: str) -> dict[str, object]:
    """Return the values an outlet's file must have, as far as the front page tells them.

    The role is a guess («local») and the English name the host's; a person puts them right.
    """
    parts = urlsplit(page.url)
    host = _FACE.sub("", parts.hostname or "")
    bare = _SUFFIX.sub("", host) or host
    return {
        "id": _id(bare),
        "name": site_name(tree) or host,
        "name_en": bare,
        "homepage": f"{parts.scheme}://{parts.netloc}",
        "role": "local",
        "profile": profile,
    }


def _id(bare: str) -> str:
    plain = _NO_ID.sub("-", bare).strip("-")[:40]
    return plain if len(plain) > 1 else f"outlet-{plain}"


def site_name(tree: Tree) -> str | None:
    """Return the site's name: what it calls itself in metadata, else the head of its title."""
    meta = tree.css_first("meta[property='og:site_name']")
    named = (meta.attributes.get("content") or "").strip() if meta else ""
    if named:
        return named
    title = tree.css_first("title")
    text = " ".join(title.text().split()) if title else ""
    return _TITLE_CUT.split(text, maxsplit=1)[0].strip() or None
