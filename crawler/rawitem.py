"""One item of a feed as it was served, before anything is read into it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """Texts of one feed item; an empty text means that the feed does not say."""

    link: str = ""
    guid: str = ""
    guid_is_link: bool = False
    title: str = ""
    summary: str = ""
    content_html: str = ""
    published: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    image: str = ""
    source: str = ""
