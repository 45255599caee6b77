from crawler.datenodes import date_texts
from crawler.markup import parse


def texts(html: str) -> list[str]:
    return list(date_texts(parse(html.encode())))


def test_the_date_below_the_title_comes_before_the_headers_clock_and_the_sidebar() -> None:
    found = texts(
        "<div class=today-date>دوشنبه ۳۱ اردیبهشت</div><h1>تیتر</h1>"
        "<span class=news-date>۲۵ اردیبهشت</span><p>متن</p>"
        "<div class=sidebar-dates>۱ فروردین</div>"
    )
    assert found[0] == "۲۵ اردیبهشت"
    assert set(found[1:]) == {"دوشنبه ۳۱ اردیبهشت", "۱ فروردین"}


def test_a_machine_readable_attribute_is_read_instead_of_the_text() -> None:
    assert texts('<h1>t</h1><time datetime="2024-05-14">سه‌شنبه</time>') == ["2024-05-14"]
    assert texts('<meta itemprop="datePublished" content="2024-05-14">') == ["2024-05-14"]


def test_a_date_of_change_comes_after_one_of_publication() -> None:
    found = texts("<h1>t</h1><i class=modified-date>دوم</i><i class=publish-date>نخست</i>")
    assert found == ["نخست", "دوم"]


def test_long_texts_and_pages_full_of_dates_are_bounded() -> None:
    assert texts(f"<div class=date>{'ا' * 200}</div>") == []
    assert len(texts("<p class=date>x</p>" * 5_000)) == 12
