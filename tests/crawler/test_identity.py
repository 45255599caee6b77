from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.identity import belongs, canonical_url, external_id, may_be_article
from crawler.outlets import Outlet
from tests.crawler.making import outlet

WORDPRESS = outlet(hosts=["nazir.example.com", "nazir-old.example"])
NASTOOH = outlet(id="mehr", homepage="https://www.mehr.example", profile="nastooh")
SAMANEH = outlet(
    id="sima", homepage="https://www.sima.example", profile="iransamaneh", hosts=["*.sima.example"]
)
AASAAM = outlet(
    id="moj", homepage="https://www.moj.example", profile="aasaam", hosts=["moj.news.example"]
)
TWINS = outlet(
    id="twins",
    homepage="https://www.rasad.example",
    profile="generic",
    hosts=["online.example"],
    overrides={
        "id_patterns": [r"/fa/news/(?P<id>\d+)", r"[?&]code=(?P<id>\d+)"],
        "canonical_template": "{scheme}://{host}/fa/news/{id}",
    },
)

EQUAL = (
    # percent escapes: case, and none at all
    (WORDPRESS, "https://nazir.example/%d8%b3%d9%84", "https://nazir.example/%D8%B3%D9%84"),
    (WORDPRESS, "https://nazir.example/%d8%b3%d9%84", "https://nazir.example/سل"),
    (WORDPRESS, "https://nazir.example/a%2Db", "https://nazir.example/a-b"),
    # faces of one host, schemes, ports
    (WORDPRESS, "http://nazir.example/slug", "https://www.nazir.example/slug/"),
    (WORDPRESS, "https://m.nazir.example/slug", "https://amp.nazir.example/slug"),
    (WORDPRESS, "https://mail.nazir.example/slug", "https://live.nazir.example/slug"),
    (WORDPRESS, "https://NAZIR.example:443/slug", "http://nazir.example:80/slug"),
    (WORDPRESS, "https://nazir.example./slug", "https://nazir.example/slug"),
    # aliases and a former domain
    (WORDPRESS, "https://nazir.example.com/slug", "https://nazir.example/slug"),
    (WORDPRESS, "http://www.nazir-old.example/slug/", "https://nazir.example/slug"),
    (AASAAM, "https://moj.news.example/بخش-کرمان-83/123456-slug", "https://moj.example/fa/tiny/news-123456"),
    # short ids, slugs that changed, languages of the path
    (WORDPRESS, "https://nazir.example/?p=77", "https://nazir.example/k/77"),
    (NASTOOH, "https://www.mehr.example/news/6983317/سد", "https://mehr.example/news/6983317"),
    (NASTOOH, "https://www.mehr.example/news/6983317/%D8%B3", "https://mehr.example/news/6983317/x"),
    (SAMANEH, "https://www.sima.example/fa/news/5682908/slug", "http://sima.example/fa/news/5682908"),
    # any province host serves any id
    (SAMANEH, "https://kerman.sima.example/fa/news/5682908/a", "https://fars.sima.example/fa/news/5682908"),
    # print and AMP variants
    (NASTOOH, "https://www.mehr.example/print/6983317", "https://www.mehr.example/amp/6983317/"),
    (NASTOOH, "https://www.mehr.example/print/6983317", "https://www.mehr.example/news/6983317/x"),
    (SAMANEH, "https://www.sima.example/fa/print/5682908", "https://www.sima.example/fa/amp/news/5682908"),
    (WORDPRESS, "https://nazir.example/slug/amp/", "https://nazir.example/slug/"),
    (WORDPRESS, "https://nazir.example/slug/?amp=1", "https://nazir.example/slug/print/"),
    (WORDPRESS, "https://nazir.example/slug/comment-page-2", "https://nazir.example/slug/feed/"),
    # parameters in any order, and ones that change nothing
    (TWINS, "https://www.rasad.example/Incsys/PrtNews.aspx?code=55&k=0&l=Fa", "https://www.rasad.example/Incsys/PrtNews.aspx?l=Fa&code=55&k=0"),
    (TWINS, "https://www.rasad.example/Incsys/PrtNews.aspx?k=0&code=55", "https://www.rasad.example/fa/news/55/slug"),
    (WORDPRESS, "https://nazir.example/a?b=1&c=2", "https://nazir.example/a?c=2&amp;b=1"),
    (WORDPRESS, "https://nazir.example/slug/?add-to-cart=12", "https://nazir.example/slug/"),
    (WORDPRESS, "https://nazir.example/slug/?utm_source=tg&fbclid=1", "https://nazir.example/slug/#comments"),
    (WORDPRESS, "https://nazir.example/slug?PHPSESSID=0af", "https://nazir.example/slug;jsessionid=9"),
    # one owner's two domains that share ids
    (TWINS, "https://online.example/fa/news/55/x", "https://rasad.example/fa/news/55/y"),
    # printers' accidents
    (WORDPRESS, " https://nazir.example/a/./b//c/../d\n", "https://nazir.example/a/b/d"),
    (WORDPRESS, "https://nazir.example/index.php/slug", "https://nazir.example/slug"),
    (WORDPRESS, "https://nazir.example/slug\u200f", "https://nazir.example/slug"),
    (NASTOOH, "https://www.mehr.example/news/۶۹۸۳۳۱۷/x", "https://www.mehr.example/news/6983317"),
)  # fmt: skip

UNEQUAL = (
    (WORDPRESS, "https://nazir.example/?p=77", "https://nazir.example/?p=78"),
    (WORDPRESS, "https://nazir.example/slug", "https://nazir.example/slug-2"),
    (WORDPRESS, "https://nazir.example/slug", "https://nazir.example/Slug"),
    # the slug of a random post belongs to another story
    (WORDPRESS, "https://nazir.example/slug/?random-post=1", "https://nazir.example/slug/"),
    (WORDPRESS, "https://nazir.example/?p=77&random-post=1", "https://nazir.example/?p=77"),
    (WORDPRESS, "https://nazir.example/a?page=2", "https://nazir.example/a?page=3"),
    (WORDPRESS, "https://nazir.example/slug", "https://other.example/slug"),
    (WORDPRESS, "https://notnazir.example/slug", "https://nazir.example/slug"),
    (NASTOOH, "https://www.mehr.example/news/6983317/x", "https://www.mehr.example/news/6983318/x"),
    (NASTOOH, "https://www.mehr.example/news/698331/x", "https://www.mehr.example/news/6983317/x"),
    (SAMANEH, "https://sima.example/fa/news/5682908", "https://notsima.example/fa/news/5682908"),
    (TWINS, "https://www.rasad.example/fa/news/55", "https://www.rasad.example/fa/news/155"),
    (TWINS, "https://www.rasad.example/x.aspx?code=5", "https://www.rasad.example/x.aspx?code=6"),
    (WORDPRESS, "https://nazir.example/%D8%B3", "https://nazir.example/%D8%B4"),
    (WORDPRESS, "https://nazir.example/tag/%E3", "https://nazir.example/tag/%E4"),
)


@pytest.mark.parametrize(("of", "one", "other"), EQUAL)
def test_equal_addresses_are_one_article(of: Outlet, one: str, other: str) -> None:
    assert canonical_url(one, outlet=of) == canonical_url(other, outlet=of)


@pytest.mark.parametrize(("of", "one", "other"), UNEQUAL)
def test_unequal_addresses_are_two_articles(of: Outlet, one: str, other: str) -> None:
    assert canonical_url(one, outlet=of) != canonical_url(other, outlet=of)


@pytest.mark.parametrize("of", [WORDPRESS, NASTOOH, SAMANEH, AASAAM, TWINS])
@pytest.mark.parametrize("url", [url for _, *pair in (*EQUAL, *UNEQUAL) for url in pair])
def test_the_canonical_address_is_its_own_canonical_address(of: Outlet, url: str) -> None:
    once = canonical_url(url, outlet=of)
    assert canonical_url(once, outlet=of) == once


@given(st.text(min_size=1, max_size=30))
def test_any_slug_is_one_article_escaped_or_not(slug: str) -> None:
    plain = f"https://nazir.example/{quote(slug, safe='')}"
    once = canonical_url(plain, outlet=WORDPRESS)
    assert canonical_url(once, outlet=WORDPRESS) == once
    assert canonical_url(plain.replace("%D", "%d"), outlet=WORDPRESS) == once


@given(st.text(max_size=60))
def test_no_text_breaks_the_spelling(text: str) -> None:
    url = f"https://nazir.example/{text}"
    assert canonical_url(url, outlet=WORDPRESS).startswith("https://")
    may_be_article(url, outlet=WORDPRESS)
    external_id(url, outlet=WORDPRESS)


def test_the_canonical_address_has_the_homepages_scheme_host_and_port() -> None:
    demo = outlet(homepage="http://127.0.0.1:8081", profile="nastooh")
    found = canonical_url("http://127.0.0.1:8081/news/12345/x", outlet=demo)
    assert found == "http://127.0.0.1:8081/news/12345"


def test_another_port_is_another_outlet() -> None:
    demo = outlet(homepage="http://127.0.0.1:8081")
    assert not belongs("http://127.0.0.1:8082/x", outlet=demo)


def test_foreign_hosts_keep_their_own_name() -> None:
    found = canonical_url("http://www.other.example/a/?utm_medium=x", outlet=WORDPRESS)
    assert found == "https://other.example/a"


@pytest.mark.parametrize(
    ("of", "url", "expected"),
    [
        (NASTOOH, "https://www.mehr.example/photo/6983314/x", "6983314"),
        (SAMANEH, "https://www.sima.example/fa/news/5682908/x", "5682908"),
        (AASAAM, "https://www.moj.example/بخش-مس-19/123456-slug", "123456"),
        (WORDPRESS, "https://nazir.example/?p=77", "77"),
        (WORDPRESS, "https://nazir.example/slug", None),
        (WORDPRESS, "https://nazir.example/?p=77&random-post=1", None),
    ],
)
def test_ids_are_read_from_the_address(of: Outlet, url: str, expected: str | None) -> None:
    assert external_id(url, outlet=of) == expected


@pytest.mark.parametrize(
    ("of", "url", "expected"),
    [
        (WORDPRESS, "https://nazir.example/slug", True),
        (WORDPRESS, "https://nazir.example/?p=5", True),
        (WORDPRESS, "https://nazir.example/", False),
        (WORDPRESS, "https://nazir.example/?utm_source=x", False),
        (WORDPRESS, "https://nazir.example/a.jpg", False),
        (WORDPRESS, "https://nazir.example/wp-json/wp/v2/posts", False),
        (WORDPRESS, "https://nazir.example/slug?random-post=1", False),
        (WORDPRESS, "javascript:void(0)", False),
        (NASTOOH, "https://www.mehr.example/news/6983317/x", True),
        (NASTOOH, "https://www.mehr.example/service/economy", False),
    ],
)
def test_addresses_that_may_be_articles_are_told_from_others(
    of: Outlet, url: str, *, expected: bool
) -> None:
    assert may_be_article(url, outlet=of) is expected


def test_hosts_of_other_scripts_are_written_in_ascii() -> None:
    here = outlet(homepage="https://xn--mgbgr0exd8s.example")
    assert belongs("https://خبرآزاد.example/x", outlet=here) is False
    assert canonical_url("https://نذیر.example/x", outlet=here).startswith("https://xn--")
