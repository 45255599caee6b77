import json

import pytest

from crawler.families import Seen, evidence, recognise
from crawler.profiles import load_profile
from tests.crawler.golden import CASES, FOLDER
from tests.crawler.making import page

UNMARKED = {"challenge-arvan", "wordpress-not-found", "wordpress-redesigned"}


def seen(body: bytes, charset: str | None = "utf-8") -> Seen:
    return Seen.of(page(body, charset=charset))


@pytest.mark.parametrize("name", sorted(set(CASES) - UNMARKED))
def test_a_golden_page_is_recognised_as_its_family(name: str) -> None:
    meta = json.loads((FOLDER / name / "meta.json").read_text(encoding="utf-8"))
    body = (FOLDER / name / "page.html").read_bytes()
    assert recognise([seen(body, meta.get("charset"))]) == meta["profile"]


def test_a_page_without_fingerprints_is_generic() -> None:
    assert recognise([seen(b"<h1>x</h1><p>y</p>")]) == "generic"
    assert recognise([]) == "generic"


def test_the_family_with_more_fingerprints_wins() -> None:
    page = b'<link href="/wp-content/x.css"><meta name="generator" content="www.nastooh.ir">'
    both = [load_profile("wordpress"), load_profile("nastooh")]
    more = seen(page + b'<meta property="nastooh:nid">')
    assert recognise([more], profiles=both) == "nastooh"
    assert recognise([seen(b"")], profiles=both) == "generic"


def test_what_several_answers_show_counts_together_and_each_fingerprint_once() -> None:
    wordpress = load_profile("wordpress")
    front = seen(b'<link href="/wp-content/x.css">')
    feed = seen(
        b"<rss><channel><generator>https://wordpress.org/?v=6.4</generator></channel></rss>"
    )
    shown = evidence(wordpress, [front, front, feed])
    assert shown == ("link[href*='/wp-content/']", "<generator>https://wordpress.org/?v=")


@pytest.mark.parametrize(
    ("page", "family"),
    [
        ("<!-- job[at]aasaam[dot]com --><p>x", "aasaam"),
        ("<script>var aasaamApp = {}</script>", "aasaam"),
        ("<rss><channel><generator>SepehrFeed V1.2</generator>", "iransamaneh"),
        ("<body class='rtl single single-post'><article id='the-post'>", "wordpress"),
        ("<section class='single'><div class='con'>x</div></section>", "wordpress"),
    ],
)
def test_marks_where_no_selector_reaches_betray_the_family_too(page: str, family: str) -> None:
    assert recognise([seen(page.encode())]) == family
