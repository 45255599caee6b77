"""Decides which addresses are one article: the canonical URL and the outlet's own id."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from crawler.addresses import normal_host, normal_path, normal_query, readable, split, tidy
from crawler.outlets import Outlet
from persian.digits import to_latin_digits

_FACES: Final = re.compile(r"^(?:www\d?|m|mobile|amp|mail|live|wap|touch|print)\.(?=[^.]+\.)")
_ELSEWHERE: Final = frozenset({"random-post", "random_post", "random"})
_FILE_SIGN: Final = re.compile(r"\.|wp-|cdn-cgi", re.IGNORECASE)  # in every match of the next
_NO_ARTICLE: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp[34]|apk|css|js|ico|xml)$"
    r"|^/(?:wp-(?:admin|login|content|json|includes)|cdn-cgi|xmlrpc\.php)",
    re.IGNORECASE,
)


def canonical_url(url: str, *, outlet: Outlet) -> str:
    """Write the one address that stands for an article of `outlet`.

    Hosts of the outlet become its homepage's; an id that the profile can read and place yields the
    profile's canonical address, else path and query are written in one way. Idempotent.
    """
    plain = tidy(url)
    parts = split(plain)
    if not belongs(plain, outlet=outlet):
        return _spell("https", _bare(normal_host(plain)), plain)
    home = split(outlet.homepage)
    identity = external_id(plain, outlet=outlet)
    template = outlet.profile.canonical_template
    if identity and template and not _leads_elsewhere(parts.query):
        return template.format(scheme=home.scheme, host=outlet.host, id=identity)
    return _spell(home.scheme, outlet.host, plain)


def external_id(url: str, *, outlet: Outlet) -> str | None:
    """Return the id the outlet's own system gave the article, as its address shows it."""
    parts = split(tidy(url))
    if _leads_elsewhere(parts.query):
        return None
    query = readable(parts.query)
    place = readable(parts.path) + (f"?{query}" if query else "")
    for pattern in outlet.profile.id_patterns:
        found = _compiled(pattern).search(place)
        if found:
            return to_latin_digits(found["id"])
    return None


def belongs(url: str, *, outlet: Outlet) -> bool:
    """Tell whether the address is on one of the outlet's hosts (any face of them: www, m, amp)."""
    host = _bare(normal_host(tidy(url)))
    for known in (outlet.host, *outlet.hosts):
        if known.startswith("*."):
            if host == known[2:] or host.endswith(known[1:]):
                return True
        elif host == _bare(known):
            return True
    return False


def may_be_article(url: str, *, outlet: Outlet) -> bool:
    """Tell whether the address may be one article: not the front page, a file or a random one."""
    parts = split(tidy(url))
    if parts.scheme not in {"http", "https"} or _leads_elsewhere(parts.query):
        return False
    place = readable(parts.path)
    if _FILE_SIGN.search(place) and _NO_ARTICLE.search(normal_path(parts.path)):
        return False
    pattern = outlet.profile.article_url_pattern
    if pattern and belongs(url, outlet=outlet):
        query = f"?{readable(parts.query)}" if parts.query else ""
        return bool(_compiled(pattern).search(place + query))
    return normal_path(parts.path) != "/" or bool(normal_query(parts.query))


def _leads_elsewhere(query: str) -> bool:
    if not query:
        return False
    names = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)}
    return bool(names & _ELSEWHERE)


def _spell(scheme: str, host: str, url: str) -> str:
    parts = split(url)
    query = normal_query(parts.query)
    return f"{scheme}://{host}{normal_path(parts.path)}{'?' + query if query else ''}"


@lru_cache(maxsize=4_096)
def _bare(host: str) -> str:
    return _FACES.sub("", host)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
