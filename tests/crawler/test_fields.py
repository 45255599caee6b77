from hypothesis import given
from hypothesis import strategies as st

from crawler.blocks import inline_text
from crawler.extractors import parse_extractor
from crawler.fields import PageFields
from crawler.markup import parse, select

SELECTORS = (".a", ".b .a", "div > .c", "p", ".nowhere", "p.b, .c p", "[class~='b']", "div .b p")
OPENINGS = ("<div class=a>", "<div class='b c'>", "<p class=b>", "<p>", "<span class=c>", "</div>")


def asked_one_by_one(html: str, selectors: list[str]) -> tuple[str, ...]:
    tree = parse(html.encode())
    for selector in selectors:
        texts = dict.fromkeys(filter(None, map(inline_text, select(tree, selector))))
        if texts:
            return tuple(texts)[:50]
    return ()


@given(
    st.lists(st.sampled_from(OPENINGS), max_size=12),
    st.lists(st.sampled_from(SELECTORS), min_size=1, max_size=5),
)
def test_one_look_for_all_selectors_answers_as_one_look_for_each(
    openings: list[str], selectors: list[str]
) -> None:
    html = "".join(f"{opening}{number}" for number, opening in enumerate(openings))
    extractors = tuple(map(parse_extractor, selectors))
    fields = PageFields(parse(html.encode()))
    expected = asked_one_by_one(html, selectors)
    assert fields.all(extractors) == expected
    assert fields.first(extractors) == next(iter(expected), None)


def test_a_page_with_more_elements_than_are_sorted_is_asked_selector_by_selector() -> None:
    html = "<p>یک</p>" * 500 + "<div class=a>دو</div>"
    fields = PageFields(parse(html.encode()))
    extractors = tuple(map(parse_extractor, (".a", "p")))
    assert fields.all(extractors) == ("دو",)
    assert fields.first(extractors) == "دو"
