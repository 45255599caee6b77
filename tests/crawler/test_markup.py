import pytest

from crawler.markup import as_utf8, parse, select, selector_problem


def depth_of(html: bytes) -> int:
    node, depth = parse(html).body, 0
    while node is not None:
        node, depth = node.first_child, depth + 1
    return depth


def test_valid_utf8_is_utf8_whatever_it_claims() -> None:
    page = '<meta charset="windows-1256"><p>می‌شود</p>'.encode()
    assert as_utf8(page, "iso-8859-1") == page


def test_the_headers_charset_decides_where_bytes_are_no_utf8() -> None:
    assert as_utf8("<p>سلام</p>".encode("windows-1256"), "windows-1256") == "<p>سلام</p>".encode()


def test_the_declaration_of_the_page_decides_where_the_header_is_silent() -> None:
    page = '<meta charset="windows-1256"><p>سلام</p>'.encode("windows-1256")
    assert "سلام".encode() in as_utf8(page)


def test_a_few_broken_bytes_in_a_utf8_page_cost_only_themselves() -> None:
    page = "<p>این خبر کوتاه نیز آمد</p>".encode() + b"\xe2\x80<p>ok</p>"
    assert as_utf8(page).decode() == "<p>این خبر کوتاه نیز آمد</p>\ufffd<p>ok</p>"


def test_a_byte_order_mark_is_not_text() -> None:
    body = parse(b"\xef\xbb\xbf<p>a</p>").body
    assert body is not None
    assert body.text() == "a"


def test_a_head_survives_an_image_inside_noscript() -> None:
    page = b"<head><noscript><img src=x></noscript><link rel=canonical href=/a></head>"
    assert parse(page).css_first("head link") is not None


@pytest.mark.parametrize(
    "html",
    [
        b"<div>" * 200_000,
        b"<div>" * 200_000 + b"x" + b"</div>" * 200_000,
        b"<section><span>" * 100_000,
    ],
)
def test_two_hundred_thousand_nested_tags_are_cut_to_a_bounded_depth(html: bytes) -> None:
    assert depth_of(html) <= 4_100


@pytest.mark.parametrize("tag", [b"b", b"FONT", b"Strong", b"em"])
def test_open_formats_do_not_multiply_through_the_page(tag: bytes) -> None:
    formats = b"".join(b"<%s a%d>" % (tag, number) for number in range(5_000))
    tree = parse(b"<p>" + formats + b"</p>" + b"<p>x" * 5_000)
    assert len(tree.css("*")) < 1_000


def test_a_page_with_many_closed_formats_is_parsed_whole() -> None:
    tree = parse(b"<p>" + b"<b class=x>a</b> <i class=y>b</i>" * 3_000 + b"</p><p id=end>c</p>")
    assert tree.css_first("#end") is not None
    assert len(tree.css("b, i")) == 6_000


@pytest.mark.parametrize("page", [b"", b"<", b"<b", b"a"])
def test_the_shortest_pages_parse(page: bytes) -> None:
    assert parse(page).body is not None


def test_a_page_of_more_tags_than_any_real_one_is_cut() -> None:
    tree = parse(b"<p id=start>x</p>" + b"<a href=/x>x</a>" * 50_000 + b"<p id=end>end</p>")
    assert tree.css_first("#start") is not None
    assert tree.css_first("#end") is None


def test_a_long_flat_page_is_parsed_whole() -> None:
    tree = parse(b"<ul>" + b"<li><a href=/x>x</a><br>" * 4_900 + b"</ul><p id=end>end</p>")
    assert tree.css_first("#end") is not None


def test_a_selector_is_checked_before_it_is_used() -> None:
    assert selector_problem("div.x > p:not(.y)") is None
    assert selector_problem("div[") == "is not a CSS selector"
    assert selector_problem("  ") == "must be a CSS selector"
    assert selector_problem(7) == "must be a CSS selector"


def test_an_element_that_matches_two_selectors_of_a_list_is_selected_once() -> None:
    tree = parse(b"<p class='b a' id=1><p class=a id=2><p class=b id=3>")
    assert [node.id for node in select(tree, ".a, .b")] == ["1", "2", "3"]
    assert [node.id for node in select(tree, ".a")] == ["1", "2"]
