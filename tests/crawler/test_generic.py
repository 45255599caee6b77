import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import BlockKind
from crawler.fields import PageFields
from crawler.generic import Generic, extract_generic
from crawler.markup import parse

PARTS = (
    "کارگاه‌های کوچک شهر از هفته آینده با برق پایدار کار می‌کنند و زیان سال پیش جبران می‌شود.",
    "مدیر شرکت برق گفت که سه پست تازه در شهرک‌های صنعتی راه افتاده است و پست چهارم در راه است.",
    "کارآفرینان می‌گویند خاموشی‌های تابستان گذشته یک‌سوم سفارش‌هایشان را از میان برده بود.",
    "شورای گفت‌وگو نیز پیشنهاد داده است که بهای برق واحدهای خرد تا پایان سال بالا نرود.",
)
STORY = "".join(f"<p>{part}</p>" for part in PARTS)
OTHER = "<p>خبری دیگر که به این ماجرا پیوندی ندارد و تنها برای پر کردن کنار صفحه نوشته شده است.</p>"


def read(html: str, head: str = "") -> Generic:
    page = f"<html><head>{head}</head><body>{html}</body></html>"
    return extract_generic(PageFields(parse(page.encode())))


def texts(html: str, head: str = "") -> list[str]:
    return [block.text for block in read(html, head).blocks]


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<div>{}</div>",
        "<main><article>{}</article></main>",
        "<div class='page has-sidebar with-comments'><div class='content'>{}</div></div>",
        "<form action='/x.aspx'><div id='ctl00'>{}</div></form>",
        "<table><tr><td>{}</td></tr></table>",
        "<div class='modal-open'><section class='post-tags-page'>{}</section></div>",
        "<center><div class='elementor-widget-wrap'>{}</div></center>",
    ],
)
def test_the_story_is_found_whatever_holds_it(around: str) -> None:
    menu = "<nav><a href=/>خانه</a><a href=/a>سیاست</a></nav>"
    assert texts(menu + around.format(STORY) + "<footer>همه حقوق نگه داشته شده است.</footer>") == [
        *PARTS
    ]


def test_a_body_of_lines_without_paragraphs_is_found() -> None:
    assert texts(f"<h1>برق پایدار</h1><div class=x>{'<br><br>'.join(PARTS)}</div>") == [*PARTS]


def test_a_body_of_bare_divisions_is_found() -> None:
    html = "".join(f"<div>{part}</div>" for part in PARTS)
    assert texts(f"<div class=x>{html}</div>") == [*PARTS]


@pytest.mark.parametrize(
    "furniture",
    [
        f"<aside>{OTHER}</aside>",
        f"<div class='sidebar-right'>{OTHER}</div>",
        f"<div id='comments'>{OTHER}</div>",
        f"<div class='relatedPosts'>{OTHER}</div>",
        f"<div class='post-author'>{OTHER}</div>",
        f"<div class='read-more-box'>{OTHER}</div>",
        f"<div hidden>{OTHER}</div>",
        f"<div class='cookie-consent'>{OTHER}</div>",
        f"<figure><img><figcaption>{OTHER}</figcaption></figure>",
        f"<ul><li><a href=/1>{PARTS[0]}</a></li><li><a href=/2>{PARTS[1]}</a></li></ul>",
        f"<article class=card><h3><a href=/x>تیتر دیگر</a></h3>{OTHER}</article>",
        f"<div class=card><h3><a href=/x>تیتر دیگر</a></h3>{OTHER}</div>",
        "<p>عکس: بایگانی روزنامه</p>",
    ],
)
def test_furniture_beside_and_inside_the_story_is_left_out(furniture: str) -> None:
    assert texts(f"<div class=story>{STORY}{furniture}</div>") == [*PARTS]
    assert texts(f"<div class=wrap><div class=story>{STORY}</div>{furniture}</div>") == [*PARTS]


def test_a_name_is_not_believed_where_it_holds_the_whole_story() -> None:
    assert texts(f"<div class='related-news'>{STORY}</div>") == [*PARTS]
    assert texts(f"<div class='comment'>{STORY}</div>") == [*PARTS]
    assert texts(f"<nav>{STORY}</nav>") == [*PARTS]


def test_a_body_split_over_containers_of_one_name_is_joined() -> None:
    chunks = "".join(f"<div class='text-{n}'><p>{part}</p></div>" for n, part in enumerate(PARTS))
    assert texts(f"<div class=all>{chunks}</div>") == [*PARTS]


def test_a_second_article_below_is_another_story() -> None:
    second = "".join(f"<p>{part[::-1]}</p>" for part in PARTS[:2])
    html = f"<div><article>{STORY}</article><article>{second}</article></div>"
    assert texts(html) == [*PARTS]


def test_the_head_is_cut_title_dateline_lead_and_labels() -> None:
    head = (
        "<div class=info><span>کد خبر: ۱۲۳</span></div><div>سه‌شنبه ۲۵ اردیبهشت</div>"
        "<p class=lead-text>برق واحدهای خرد از هفته آینده پایدار می‌شود و زیان‌ها جبران خواهد شد.</p>"
    )
    found = read(
        f"<div class=all><h1>برق پایدار برای کارگاه‌ها</h1>{head}"
        f"<div class=txt><p>برق پایدار برای کارگاه‌ها</p>{STORY}</div></div>"
    )
    assert [block.text for block in found.blocks] == [*PARTS]
    assert found.title == "برق پایدار برای کارگاه‌ها"
    assert found.lead is not None
    assert found.lead.startswith("برق واحدهای خرد")


def test_a_description_printed_before_the_story_is_its_lead() -> None:
    lead = "کارگاه‌های کوچک شهر از این پس بی‌خاموشی کار خواهند کرد، وعده شرکت برق این است."
    found = read(
        f"<div class=all><div class=s><p>{lead}</p></div><div class=txt>{STORY}</div></div>",
        head=f'<meta property="og:description" content="{lead}">',
    )
    assert (found.lead, len(found.blocks)) == (lead, len(PARTS))


@pytest.mark.parametrize(
    "marker", ["Related articles", "مطالب مرتبط", "Comments (3)", "نظرات کاربران", "Read more"]
)
def test_a_heading_of_other_stories_ends_the_body(marker: str) -> None:
    html = f"<div class=txt>{STORY}<h3>{marker}</h3>{OTHER}</div>"
    assert texts(html) == [*PARTS]


def test_a_marker_early_in_the_body_ends_nothing() -> None:
    html = f"<div class=txt><p>{PARTS[0]}</p><p>بیشتر بخوانید</p>{STORY}</div>"
    assert texts(html) == [PARTS[0], *PARTS]


def test_a_box_of_other_stories_within_the_body_is_left_out_and_the_story_goes_on() -> None:
    parts = [f"<p>{part}</p>" for part in PARTS]
    box = "<p>بیشتر بخوانید</p><div class=box><span>تیتر خبری دیگر</span><i>خبر</i></div>"
    html = f"<div class=txt>{''.join(parts[:3])}{box}{parts[3]}</div>"
    assert texts(html) == [*PARTS]


def test_a_marker_of_other_stories_with_nothing_of_the_story_behind_it_ends_the_body() -> None:
    html = f"<div class=txt>{STORY}<p>بیشتر بخوانید</p><div class=x><p>خبری کوتاه.</p></div></div>"
    assert texts(html) == [*PARTS]


def test_a_crumb_outside_the_story_at_its_end_is_cut() -> None:
    crumb = "<div class=end><div class=in><b>دفتر کرمان</b></div><div>۱۲</div></div>"
    assert texts(f"<div class=all><div class=txt>{STORY}</div>{crumb}</div>") == [*PARTS]


@pytest.mark.parametrize("label", ["Subscribe", "Advertisement", "Share this story", "تبلیغات"])
def test_a_label_late_in_the_body_goes_and_ends_nothing(label: str) -> None:
    parts = [f"<p>{part}</p>" for part in PARTS]
    assert texts(f"<div class=txt>{''.join(parts[:3])}<p>{label}</p>{parts[3]}</div>") == [*PARTS]


def test_a_paragraph_printed_twice_is_said_once() -> None:
    long = " ".join(PARTS[:2])
    assert texts(f"<div class=txt><p>{long}</p>{STORY}<p>{long}</p></div>") == [long, *PARTS]


def test_sections_that_are_articles_of_one_story_are_joined() -> None:
    sections = "".join(
        f"<article><h2>بخش</h2><div class=s><p>{part}</p></div></article>" for part in PARTS
    )
    assert [text for text in texts(f"<div>{sections}</div>") if text != "بخش"] == [*PARTS]


def test_a_table_in_a_figure_is_text() -> None:
    table = f"<figure class='wp-block-table'><table><tr><td>{PARTS[3]}</td></tr></table></figure>"
    assert texts(f"<div class=txt><p>{PARTS[0]}</p>{table}</div>") == [PARTS[0], PARTS[3]]


def test_the_cells_of_a_table_row_are_one_block_and_a_layout_table_is_none() -> None:
    rows = "<table><tr><th>کالا</th><th>بها</th></tr><tr><td>مس</td><td>۹۰۰۰</td></tr></table>"
    found = read(f"<div class=txt>{STORY}{rows}</div>").blocks[len(PARTS) :]
    assert [(block.kind, block.text) for block in found] == [
        (BlockKind.TABLE_ROW, "کالا\tبها"),
        (BlockKind.TABLE_ROW, "مس\t۹۰۰۰"),
    ]
    layout = read(f"<table><tr><td>{STORY}</td></tr></table>")
    assert {block.kind for block in layout.blocks} == {BlockKind.PARAGRAPH}


@pytest.mark.parametrize(
    "notice",
    [
        "Follow us on Twitter for more.",
        "Sign up for our newsletter.",
        "© 2024 All rights reserved.",
    ],
)
def test_notices_behind_the_story_are_cut(notice: str) -> None:
    assert texts(f"<div class=txt>{STORY}<p>{notice}</p></div>") == [*PARTS]


def test_a_heading_with_nothing_behind_it_is_cut_and_one_within_stays() -> None:
    within = f"<p>{PARTS[0]}</p><h3>برنامه سال</h3><p>{PARTS[1]}</p>"
    assert texts(f"<div class=txt>{within}<h3>پایان</h3></div>") == [
        PARTS[0],
        "برنامه سال",
        PARTS[1],
    ]


def test_a_long_paragraph_full_of_links_stays_a_list_of_links_goes() -> None:
    linked = f"<p><a href=/1>{PARTS[3]}</a> {PARTS[3]}</p>"
    links = "<p><a href=/1>یک</a> <a href=/2>دو</a></p>"
    assert texts(f"<div class=txt>{STORY}{linked}{links}</div>") == [
        *PARTS,
        f"{PARTS[3]} {PARTS[3]}",
    ]


def test_an_empty_page_yields_nothing() -> None:
    assert read("") == Generic(title=None, lead=None, blocks=())


@settings(max_examples=60)
@given(
    st.recursive(
        st.sampled_from([*(f"<p>{part}</p>" for part in PARTS), "<br>", "کوتاه", "<h2>سر</h2>"]),
        lambda inner: st.builds(
            lambda tag, name, parts: f"<{tag} class='{name}'>{''.join(parts)}</{tag}>",
            st.sampled_from(["div", "section", "article", "ul", "td", "blockquote", "a", "main"]),
            st.sampled_from(["", "text", "sidebar", "comments", "related", "entry-content"]),
            st.lists(inner, max_size=5),
        ),
        max_leaves=25,
    )
)
def test_nothing_is_said_that_the_page_does_not_say(html: str) -> None:
    page = parse(f"<body>{html}</body>".encode())
    assert page.body is not None
    said = "".join(page.body.text().split())
    for block in extract_generic(PageFields(page)).blocks:
        assert "".join(block.text.split()) in said
