import pytest

from crawler.entry import Entry
from crawler.outlets import PlaceFilter
from crawler.places import belongs_here

KERMAN = PlaceFilter(words=("کرمان", "شهر بابک"), sections=("استان کرمان",), paths=("/fa/kerman/",))


def entry(title: str = "", **values: object) -> Entry:
    plain: dict[str, object] = {"outlet_id": "x", "url": "https://x.ir/1", "canonical_url": "x"}
    return Entry(**(plain | {"title": title} | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        "بارش در کرمان",
        "کرمان؛ شهر آب و آینه",
        "«كرمان» ميزبان شد",
        "استاندار کرمان: ...",
        "معدن شهر بابك",
        "کـرمان",
    ],
)
def test_the_word_as_printed_in_any_spelling_belongs_here(title: str) -> None:
    assert belongs_here(entry(title), KERMAN)


@pytest.mark.parametrize(
    "title", ["زلزله در کرمانشاه", "کرمان‌شاه", "کرمانی‌ها", "کرمانج خراسان", "تهران", ""]
)
def test_longer_words_that_begin_so_do_not(title: str) -> None:
    assert not belongs_here(entry(title), KERMAN)


@pytest.mark.parametrize(
    "values",
    [
        {"summary": "در کرمان"},
        {"section": ("استانها", "کرمان")},
        {"section": ("استان کرمان",)},
        {"tags": ("کرمان",)},
        {"url": "https://x.ir/news/1/%D8%A8%D8%A7%D8%B1%D8%B4-%DA%A9%D8%B1%D9%85%D8%A7%D9%86"},
        {"url": "https://x.ir/fa/kerman/208"},
    ],
)
def test_summary_section_tag_and_slug_speak_too(values: dict[str, object]) -> None:
    assert belongs_here(entry(**values), KERMAN)


def test_without_a_filter_everything_belongs() -> None:
    assert belongs_here(entry("تهران"), None)


def test_a_filter_without_words_keeps_nothing_else() -> None:
    assert not belongs_here(entry("کرمان"), PlaceFilter(sections=("x",)))
