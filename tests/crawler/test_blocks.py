from hypothesis import given
from hypothesis import strategies as st

from crawler.article import BlockKind
from crawler.blocks import inline_text, tidy, walk
from crawler.markup import parse

ZWNJ = "\u200c"


def texts(html: str) -> list[str]:
    body = parse(f"<body>{html}</body>".encode()).body
    assert body is not None
    return [block.text for block in walk(body)]


def kinds(html: str) -> list[tuple[BlockKind, str]]:
    body = parse(f"<body>{html}</body>".encode()).body
    assert body is not None
    return [(block.kind, block.text) for block in walk(body)]


def test_inline_elements_are_joined_with_nothing() -> None:
    assert texts("<p>می‌<b>رو</b>یم <a>به</a> <i>خانه</i></p>") == ["می‌رویم به خانه"]


def test_blocks_are_kept_apart_even_without_white_space() -> None:
    assert texts("<div>یک</div><div>دو</div>سه<p>چهار</p>") == ["یک", "دو", "سه", "چهار"]


def test_a_line_break_stays_a_line_break() -> None:
    assert texts("<p>یک<br>دو <br/> سه</p>") == ["یک\nدو\nسه"]


def test_two_line_breaks_begin_a_new_block() -> None:
    assert texts("<div>یک<br><br>دو<br> &nbsp; <br>سه</div>") == ["یک", "دو", "سه"]


def test_a_body_without_paragraphs_loses_nothing() -> None:
    assert texts("یک<div>دو<span>سه</span></div><section>چهار</section>پنج") == [
        "یک",
        "دوسه",
        "چهار",
        "پنج",
    ]


def test_no_break_spaces_become_spaces_and_half_spaces_stay() -> None:
    assert texts("<p>&nbsp;کتاب&zwnj;ها&nbsp;&nbsp;را\u3000دید \n\n و</p>") == [
        f"کتاب{ZWNJ}ها را دید و"
    ]


def test_scripts_styles_forms_and_comments_are_not_text() -> None:
    html = "<p>یک<script>x()</script><style>p{}</style><!-- نه --></p><form>نام</form><p>دو</p>"
    assert texts(html) == ["یک", "دو"]


def test_each_block_says_what_it_is() -> None:
    html = (
        "<h2>سر</h2><p>متن</p><blockquote><p>نقل</p></blockquote><ul><li>یک<p>دو</p></li></ul>"
        "<figure><figcaption>شرح</figcaption></figure>"
    )
    assert kinds(html) == [
        (BlockKind.HEADING, "سر"),
        (BlockKind.PARAGRAPH, "متن"),
        (BlockKind.QUOTE, "نقل"),
        (BlockKind.LIST_ITEM, "یک"),
        (BlockKind.LIST_ITEM, "دو"),
        (BlockKind.CAPTION, "شرح"),
    ]


def test_a_table_gives_a_block_per_row_with_cells_apart() -> None:
    html = "<table><tr><th>کالا</th><th>بها</th></tr><tr><td>مس</td><td>۹۰۰۰</td></tr></table>"
    assert kinds(html) == [
        (BlockKind.TABLE_ROW, "کالا\tبها"),
        (BlockKind.TABLE_ROW, "مس\t۹۰۰۰"),
    ]


def test_a_dropped_element_is_left_out_with_all_it_holds() -> None:
    body = parse(b"<body><p>a</p><div class=x><p>b</p></div><p>c</p></body>").body
    assert body is not None
    dropped = {node.mem_id for node in body.css(".x")}
    assert [block.text for block in walk(body, dropped=dropped)] == ["a", "c"]


def test_the_walk_ends_at_a_stop_element() -> None:
    body = parse(b"<body><p>a</p><div>b<p class=x>c</p></div><p>d</p></body>").body
    assert body is not None
    stops = {node.mem_id for node in body.css(".x")}
    assert [block.text for block in walk(body, stops=stops)] == ["a", "b"]


def test_inline_text_puts_a_space_where_a_line_broke() -> None:
    node = parse("<h1>تیتر<br>دو خطی <script>x</script></h1>".encode()).css_first("h1")
    assert node is not None
    assert inline_text(node) == "تیتر دو خطی"


@given(st.text(alphabet="ابپ \u200c\u00a0\n\t12", max_size=40))
def test_tidying_twice_changes_nothing_and_keeps_every_half_space(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert once.count(ZWNJ) == text.count(ZWNJ)
    assert "\u00a0" not in once


@given(
    st.recursive(
        st.sampled_from(["یک", "می‌رود", "<br>", " "]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from(["div", "b", "li", "blockquote", "section", "span"]),
            st.lists(inner, max_size=4),
        ),
        max_leaves=30,
    )
)
def test_no_nesting_loses_or_doubles_a_letter(html: str) -> None:
    body = parse(f"<body>{html}</body>".encode()).body
    assert body is not None
    letters = "".join("".join(block.text for block in walk(body)).split())
    assert letters == "".join(body.text().split())
