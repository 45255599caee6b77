"""Writes feeds for tests and reads them the way a visit does."""

from crawler.entry import Entry
from crawler.feeds import parse_feed
from crawler.findings import Findings
from crawler.outlets import Outlet
from tests.crawler.making import NOW, outlet, page

NAZIR = outlet()


def read(body: str | bytes, of: Outlet = NAZIR, **how: str) -> Findings:
    zone = how.pop("naive_zone", None)
    return parse_feed(page(body, **how), outlet=of, now=NOW, naive_zone=zone)


def rss(*items: str, head: str = "") -> str:
    inner = "\n".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
        'xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>نذیر</title><link>https://nazir.example</link>{head}{inner}"
        "</channel></rss>"
    )


def item(slug: str = "a", title: str = "بارش در ماهان", more: str = "") -> str:
    return f"<title>{title}</title><link>https://nazir.example/{slug}</link>{more}"


def one(body: str | bytes, of: Outlet = NAZIR, **how: str) -> Entry:
    reading = read(body, of, **how)
    assert reading.fault is None
    assert len(reading.entries) == 1
    return reading.entries[0]
