"""The equal and unequal addresses of the real outlets, as their catalogue files tell them apart."""

import pytest

from crawler.identity import canonical_url, may_be_article
from crawler.outlets import load_outlets

OUTLETS = load_outlets()

EQUAL = (
    ("irna", "https://www.irna.ir/news/85912345/سد", "http://irna.ir/news/85912345"),
    ("irna", "https://www.irna.ir/photo/85912345/%D8%B3%D8%AF", "https://irna.ir/amp/85912345/"),
    ("irna", "https://www.irna.ir/print/85912345", "https://www.irna.ir/news/85912345/%d8%b3"),
    ("isna", "https://www.isna.ir/news/95102918901/a", "http://kerman.isna.ir/news/95102918901/b"),
    ("mehrnews", "https://www.mehrnews.com/news/6983317/x", "https://mehrnews.com/print/6983317"),
    ("yjc", "https://www.yjc.ir/fa/news/7349926/x", "http://yjc.ir/fa/amp/news/7349926"),
    ("yjc", "https://www.yjc.ir/fa/print/7349926", "https://www.yjc.ir/fa/news/7349926/y?utm_source=a"),
    ("iribnews", "https://kerman.iribnews.ir/fa/news/5682908/x", "https://www.iribnews.ir/fa/news/5682908"),
    ("tabnakkerman", "http://tabnakkerman.ir/fa/news/12345/x", "https://www.tabnakkerman.ir/fa/news/12345"),
    ("ilna", "https://www.ilna.ir/بخش-کرمان-83/1234567-x", "https://ilna.news/fa/tiny/news-1234567"),
    ("ilna", "https://www.ilna.ir/بخش-کرمان-83/1234567-x", "https://www.ilna.ir/بخش-اقتصاد-4/1234567-y"),
    ("kermanrasad", "https://www.kermanrasad.ir/fa/news/4567/x", "http://kerman-online.ir/fa/news/4567/y"),
    (
        "kermanrasad",
        "https://www.kermanrasad.ir/Incsys/PrtNews.aspx?code=4567&k=0&l=Fa",
        "https://kerman-online.ir/Incsys/PrtNews.aspx?l=Fa&k=0&code=4567",
    ),
    (
        "felezatkhavarmianeh",
        "https://felezatkhavarmianeh.ir/fa/news/8901/x",
        "https://www.me-metals.ir/fa/news/8901",
    ),
    (
        "tasnimnews",
        "https://www.tasnimnews.com/fa/news/1404/11/07/3201234/x",
        "https://www.tasnimnews.ir/fa/news/1404/11/07/3201234/x",
    ),
    ("eghtesadkerman", "https://eghtesadkerman.ir/News/321/a", "http://eghtesadkerman.ir/news/item/321"),
    ("fardayekerman", "https://fardayekerman.ir/news/9876", "https://www.fardayekerman.ir/news/9876/"),
    ("kermaneno", "https://kermaneno.ir/?p=5566", "https://kermaneno.ir/k/5566"),
    ("kermaneno", "https://kermaneno.ir/accidents/slug/?add-to-cart=4", "https://kermaneno.ir/accidents/slug"),
    ("konarsandal", "https://konarsandal.ir/1402/05/28/%d8%b3", "http://www.konarsandal.ir/1402/05/28/س/"),
    ("kr", "https://kr.ir/modules/Show_Content.aspx?ContentId=77", "http://kr.ir/Modules/show_content.aspx?contentid=77&lang=fa"),
)  # fmt: skip

UNEQUAL = (
    ("irna", "https://www.irna.ir/news/85912345/x", "https://www.irna.ir/news/85912346/x"),
    ("isna", "https://www.isna.ir/news/95102918901/x", "https://www.isna.ir/news/9510291890/x"),
    ("yjc", "https://www.yjc.ir/fa/news/7349926/x", "https://www.yjc.ir/fa/news/734992/x"),
    ("ilna", "https://www.ilna.ir/بخش-کرمان-83/1234567-x", "https://www.ilna.ir/بخش-کرمان-83/1234568-x"),
    ("kermaneno", "https://kermaneno.ir/a/slug/?random-post=1", "https://kermaneno.ir/a/slug/"),
    ("konarsandal", "https://konarsandal.ir/1402/05/28/a", "https://konarsandal.ir/1402/05/29/a"),
    ("yazdankerman", "https://yazdankerman.ir/slug/?id=11&page_id=208", "https://yazdankerman.ir/slug/?id=12&page_id=208"),
    ("kargarankerman", "https://kargarankerman.ir/?p=1", "https://kargarankerman.ir/?p=2"),
    ("sirjankhabar", "https://sirjankhabar.com/slug/1234/", "https://sirjankhabar.com/slug/1235/"),
    ("kr", "https://kr.ir/modules/Show_Content.aspx?ContentId=77", "https://kr.ir/modules/Show_Content.aspx?ContentId=78"),
    ("kr", "https://kr.ir/modules/Show_Content.aspx?ContentId=77", "https://bam.kr.ir/modules/Show_Content.aspx?ContentId=77"),
)  # fmt: skip

ARTICLES = (
    ("rafnews", "https://rafnews.ir/social/4321-slug"),
    ("toluekerman", "https://toluekerman.ir/news/social/4321.html"),
    ("sazeshkhabar", "https://sazeshkhabar.ir/13950802/4321/slug"),
    ("sirjankhabar", "https://sirjankhabar.com/slug/4321/"),
    ("imidro", "https://imidro.gov.ir/news/4321.htm"),
    ("donyayemadan", "https://www.donyayemadan.com/بخش-مس-19/4321-slug"),
    ("nazirkerman", "https://nazirkerman.ir/%d8%a8%d8%a7%d8%b2%d8%a7%d8%b1"),
    ("armanekerman", "https://armanekerman.ir/news/4321/slug"),
)


@pytest.mark.parametrize(("outlet_id", "one", "other"), EQUAL)
def test_equal_addresses_of_the_press_are_one_article(outlet_id: str, one: str, other: str) -> None:
    of = OUTLETS[outlet_id]
    assert canonical_url(one, outlet=of) == canonical_url(other, outlet=of)


@pytest.mark.parametrize(("outlet_id", "one", "other"), UNEQUAL)
def test_unequal_addresses_of_the_press_are_two(outlet_id: str, one: str, other: str) -> None:
    of = OUTLETS[outlet_id]
    assert canonical_url(one, outlet=of) != canonical_url(other, outlet=of)


@pytest.mark.parametrize(("outlet_id", "url"), ARTICLES)
def test_article_addresses_of_the_press_are_seen_as_such(outlet_id: str, url: str) -> None:
    of = OUTLETS[outlet_id]
    assert may_be_article(url, outlet=of)
    assert not may_be_article(of.homepage, outlet=of)


@pytest.mark.parametrize("outlet_id", sorted(OUTLETS))
def test_every_canonical_address_is_its_own(outlet_id: str) -> None:
    of = OUTLETS[outlet_id]
    for path in ("/news/12345/x", "/fa/news/12345/x", "/slug", "/?p=12345", "/a-9/12345-x"):
        once = canonical_url(of.homepage + path, outlet=of)
        assert canonical_url(once, outlet=of) == once
