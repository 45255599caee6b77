import json

from crawler.markup import parse
from crawler.metadata import Metadata


def page(*scripts: object, head: str = "") -> Metadata:
    blocks = "".join(
        f'<script type="application/ld+json">{each if isinstance(each, str) else json.dumps(each)}'
        "</script>"
        for each in scripts
    )
    return Metadata(parse(f"<head>{head}{blocks}</head>".encode()))


def test_a_meta_is_found_by_any_of_its_naming_attributes() -> None:
    found = page(
        head='<meta property="og:title" content=" a  b "><meta name="DC.Date" content="2020">'
        '<meta itemprop="genre" content="x"><meta itemprop="genre" content="y"><meta name=e>'
    )
    assert found.meta("og:title") == ("a b",)
    assert found.meta("dc.date") == ("2020",)
    assert found.meta("genre") == ("x", "y")
    assert found.meta("e") == found.meta("absent") == ()


def test_the_article_is_found_inside_a_graph() -> None:
    found = page(
        {"@graph": [{"@type": "WebSite", "name": "s"}, {"@type": "NewsArticle", "headline": "h"}]}
    )
    assert found.json_ld("headline") == ("h",)


def test_keys_are_found_whatever_their_letter_case() -> None:
    assert page({"@type": "NewsArticle", "headLine": "h"}).json_ld("headline") == ("h",)


def test_a_path_walks_through_objects_and_lists() -> None:
    found = page(
        {"@type": ["Article"], "author": [{"name": "a"}, {"name": "b"}], "image": {"url": "u"}}
    )
    assert found.json_ld("author.name") == ("a", "b")
    assert found.json_ld("image") == ("u",)
    assert found.json_ld("image.width") == ()


def test_of_two_articles_the_dated_one_is_meant() -> None:
    found = page(
        {"@type": "Article", "headline": "x"},
        {"@type": "Article", "headline": "y", "datePublished": "2020"},
    )
    assert found.json_ld("headline") == ("y",)


def test_entities_inside_json_are_undone() -> None:
    assert page({"@type": "Article", "headline": "می&zwnj;شود &quot;"}).json_ld("headline") == (
        'می‌شود "',
    )


def test_comments_trailing_commas_and_control_characters_do_not_matter() -> None:
    assert page('<!-- {"@type":"Article","headline":"a\tb",} -->').json_ld("headline") == ("a b",)
    assert page('//<![CDATA[\n{"@type":"Article","headline":"c"}\n//]]>').json_ld("headline") == (
        "c",
    )


def test_broken_deep_and_foreign_json_is_no_article() -> None:
    assert page("{broken").article == {}
    assert page("[" * 100_000).article == {}
    assert page({"@type": "Organization"}, 7, "null").article == {}
