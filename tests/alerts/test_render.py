"""Rendering: everything said, right to left on every block, and nothing foreign does harm."""

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.message import (
    Alert,
    Carrier,
    Change,
    ChangeKind,
    Confirmation,
    Content,
    Correction,
    Coverage,
    Digest,
    DigestGroup,
    DisableCause,
    FiredRule,
    Name,
    Notice,
    OutletCondition,
    OutletHealth,
    Ping,
    Span,
    UnreadOutlet,
)
from alerts.render import Envelope, Rendered, render
from tests.alerts.news import HOUR, NAMES, NOW, OUTLETS, alert

ENVELOPE = Envelope(
    name="صبح مدیران",
    manage_url="https://rasad.example.ir/m/token",
    unsubscribe_url="https://rasad.example.ir/u/token",
    confirm_url="https://rasad.example.ir/c/token",
)
ENGLISH = replace(ENVELOPE, language="en")
DIGEST = Digest(
    rhythm="daily",
    from_at=NOW - timedelta(days=1),
    until_at=NOW,
    groups=(
        DigestGroup(rule_id="copper", name=NAMES["copper"], alerts=(alert(1), alert(2, "دومی"))),
        DigestGroup(rule_id="sme", name=NAMES["sme"], alerts=(alert(3, "سومی"),)),
    ),
    corrections=(
        Correction(
            story_id=4,
            headline="بازگشایی معدن",
            told_outlet=OUTLETS["farda"],
            original_outlet=OUTLETS["nazir"],
            original_at=NOW - HOUR,
            url="https://nazir.example.ir/4",
        ),
    ),
    coverage=Coverage(
        outlets=31,
        unread=(
            UnreadOutlet(name=OUTLETS["nazir"], since_at=NOW - HOUR, why=Name(fa="صفحهٔ چالش")),
        ),
    ),
    left_out=12,
)
EVERY: tuple[Content, ...] = (
    alert(),
    DIGEST,
    Confirmation(rules=(NAMES["copper"],)),
    Ping(),
    Notice(
        endpoint="https://hooks.example.com",
        cause=DisableCause.FAILING,
        count=5,
        answer="https://hooks.example.com answered 500",
        since_at=NOW,
    ),
    OutletHealth(
        outlet_id="nazir",
        outlet=OUTLETS["nazir"],
        condition=OutletCondition.BLOCKED,
        detail=Name(fa="از سه‌شنبه صفحهٔ چالش می‌دهد", en="a challenge page since Tuesday"),
        since_at=NOW,
    ),
    DIGEST.corrections[0],
)
BLOCKS = {"p", "h1", "h2", "h3", "div", "ul", "li", "blockquote", "body", "html"}


class Page(HTMLParser):
    """What stands in a rendered page: its tags with attributes, and its text."""

    def __init__(self, rendered: Rendered) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(rendered.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> set[str]:
        return {attrs["href"] or "" for tag, attrs in self.tags if tag == "a"}


def test_an_alert_says_everything_that_was_promised() -> None:
    rendered = render(alert(), ENVELOPE)
    assert rendered.subject == "صنعت مس | تولید کاتد در خاتون‌آباد بالا رفت"
    for told in (rendered.text, Page(rendered).text):
        plain = re.sub("[\u2066-\u2069]", "", told)
        for word in (
            "فردای کرمان",
            "مدیر مجتمع:",
            "تولید کاتد در خاتون‌آباد بالا رفت",
            "خط تازهٔ SX-EW به کار افتاد.",
            "دوشنبه ۲ آذر ۱۴۰۵، ۱۱:۳۰",
            "2026-11-23 11:30",
            "صنعت مس",
            "۲٫۵",
            "«کاتد»",
            "۲ رسانه؛ نخست فردای کرمان",
            "نذیر کرمان",
            "اصل خبر",
        ):
            assert word in plain, word
    assert "تولید *کاتد* رسید." in rendered.text
    assert ">کاتد</mark>" in rendered.html
    expected = {
        "https://farda.example.ir/news/1",
        "https://nazir.example.ir/2",
        "https://rasad.example.ir/stories/1",
        "https://rasad.example.ir/m/token",
        "https://rasad.example.ir/u/token",
    }
    assert Page(rendered).links() == expected


@pytest.mark.parametrize("envelope", [ENVELOPE, ENGLISH], ids=["fa", "en"])
@pytest.mark.parametrize("content", EVERY, ids=lambda content: content.kind)
def test_every_block_has_its_direction_twice_and_nothing_is_loaded_from_afar(
    content: Content, envelope: Envelope
) -> None:
    page = Page(render(content, envelope))
    for tag, attrs in page.tags:
        if tag in BLOCKS:
            assert attrs.get("dir") in {"rtl", "ltr"}, tag
        if tag in BLOCKS - {"html"}:
            assert f"direction:{attrs['dir']}" in (attrs.get("style") or ""), tag
        assert tag not in {"img", "script", "link", "iframe", "object", "form"}
        assert not {"src", "srcset", "background"} & attrs.keys()
        assert "url(" not in (attrs.get("style") or "")
    assert page.tags[0][1]["lang"] == envelope.language


@pytest.mark.parametrize("content", EVERY, ids=lambda content: content.kind)
def test_rendering_is_repeatable(content: Content) -> None:
    assert render(content, ENVELOPE) == render(content, ENVELOPE)


def test_each_subscriber_gets_links_of_their_own() -> None:
    theirs = replace(
        ENVELOPE, manage_url='https://a.ir/m/"x"&y', unsubscribe_url="https://a.ir/u/z"
    )
    first, second = render(alert(), ENVELOPE), render(alert(), theirs)
    assert Page(second).links() ^ Page(first).links() == {
        'https://a.ir/m/"x"&y',
        "https://a.ir/u/z",
        "https://rasad.example.ir/m/token",
        "https://rasad.example.ir/u/token",
    }
    assert 'https://a.ir/m/"x"&y' in second.text
    assert ".invalid" not in second.html + second.text + first.html
    bare = render(alert(), replace(ENVELOPE, manage_url=None, unsubscribe_url=None))
    assert "لغو اشتراک" not in bare.text


@pytest.mark.parametrize(("language", "label"), [("fa", "به کارم نمی‌آمد"), ("en", "not relevant")])
@pytest.mark.parametrize(("content", "ids"), [(alert(), (1,)), (DIGEST, (1, 2, 3))])
def test_each_story_has_a_link_to_say_that_it_was_not_relevant(
    content: Content, ids: tuple[int, ...], language: str, label: str
) -> None:
    envelope = replace(ENVELOPE, language=language)

    def told_to(reader: str) -> Rendered:
        return render(
            content, replace(envelope, feedback_url=lambda story: f"https://a.ir/{reader}&{story}")
        )

    first, second = told_to("sara"), told_to("ali")
    wanted = {f"https://a.ir/sara&{story}" for story in ids}
    assert {link for link in Page(first).links() if "sara" in link} == wanted
    assert all(f"{link}\n" in first.text for link in wanted)
    assert first.text.count(label) == Page(first).text.count(label) == len(ids)
    assert second.html == first.html.replace("sara", "ali")
    assert ".invalid" not in first.text + first.html
    assert label not in render(content, envelope).text


def test_a_digest_is_grouped_by_topic_with_corrections_and_coverage() -> None:
    rendered = render(DIGEST, ENVELOPE)
    assert rendered.subject == "بولتن روز ۲ آذر ۱۴۰۵: ۳ خبر"
    text = rendered.text
    assert text.index("== صنعت مس ==") < text.index("دومی") < text.index("== صنایع کوچک ==")
    assert text.index("== صنایع کوچک ==") < text.index("سومی")
    assert "۱۲ خبر دیگر" in text
    assert "اصل آن از نذیر کرمان است" in text
    assert "۱ رسانه از ۳۱ خوانده نشد:" in text
    assert "صفحهٔ چالش" in text
    assert "@media print" in rendered.html


def test_an_english_bulletin_counts_in_english() -> None:
    assert render(DIGEST, ENGLISH).subject == "Daily bulletin 2026-11-23: 3 stories"
    one = replace(DIGEST, groups=DIGEST.groups[1:])
    assert render(one, ENGLISH).subject == "Daily bulletin 2026-11-23: 1 story"


def test_the_owner_of_an_endpoint_reads_why_it_was_disabled() -> None:
    text = re.sub("[\u2066-\u2069]", "", render(EVERY[4], ENVELOPE).text)
    assert "به نشانی https://hooks.example.com دیگر چیزی" in text
    assert "چون ۵ روز است که هیچ پیامی را نپذیرفته است" in text
    assert "it has taken nothing for 5 days" in render(EVERY[4], ENGLISH).text


def test_an_outlets_failure_is_told_in_the_readers_language() -> None:
    assert "از سه‌شنبه صفحهٔ چالش می‌دهد" in render(EVERY[5], ENVELOPE).text
    english = render(EVERY[5], ENGLISH)
    assert "a challenge page since Tuesday" in english.text
    assert english.subject == "Blocked: Nazir"


def test_an_empty_bulletin_says_so_and_that_all_was_read() -> None:
    empty = Digest(
        rhythm="weekly", from_at=NOW - HOUR, until_at=NOW, groups=(), coverage=Coverage(outlets=8)
    )
    text = render(empty, ENVELOPE).text
    assert "در این بازه خبری نبود." in text
    assert "همهٔ ۸ رسانه خوانده شد." in text


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_an_update_says_what_changed(kind: ChangeKind) -> None:
    changed = replace(alert(), change=Change(kind=kind, before="۱۲ درصد", after="۱۴ درصد"))
    rendered = render(changed, ENVELOPE)
    told = alert().headline if kind is ChangeKind.FIGURES else "۱۲ درصد"
    assert rendered.subject == f"Re: صنعت مس | {told}"
    assert "پیش از این: ۱۲ درصد" in rendered.text
    assert "اکنون: ۱۴ درصد" in rendered.text


def test_the_english_frame_keeps_the_news_in_persian_and_right_to_left() -> None:
    rendered = render(alert(), ENGLISH)
    assert rendered.subject.startswith("Copper | ")
    assert "Published: 2026-11-23 11:30 Tehran" in rendered.text
    heads = [attrs for tag, attrs in Page(rendered).tags if tag == "h1"]
    assert [attrs["dir"] for attrs in heads] == ["rtl"]


def test_a_story_without_a_believed_time_says_when_it_was_seen() -> None:
    rendered = render(replace(alert(), published_at=None), ENVELOPE)
    assert "بی‌زمان معتبر — دیده شد" in rendered.text


def test_a_story_of_one_outlet_says_so() -> None:
    assert "تا این لحظه فقط در فردای کرمان" in render(replace(alert(), spread=()), ENVELOPE).text


EVIL = (
    '<script>alert(1)</script><img src="https://evil.example/p.gif" onerror=x>'
    '"><a href="javascript:alert(1)">'
    "\u202eevil\u2066\u200f\x00\x1b[31m\u2028{{ 7*7 }}{% raw %}"
)


def evil_alert() -> Alert:
    name = Name(fa=EVIL, en=EVIL)
    return Alert(
        story_id=1,
        article_id=2,
        outlet_id="x",
        outlet=name,
        headline=EVIL,
        kicker=EVIL,
        lead=EVIL * 50,
        found_at=NOW,
        url="javascript:alert(1)",
        rules=(
            FiredRule(
                rule_id="r",
                name=name,
                score=1,
                terms=(EVIL,),
                sentence=(Span(text=EVIL), Span(text=EVIL, marked=True)),
            ),
        ),
        spread=(
            Carrier(outlet_id="x", name=name, url="data:text/html,x", at=NOW),
            Carrier(outlet_id="y", name=name, url='https://a.ir/"><script>', at=NOW),
        ),
        change=Change(kind=ChangeKind.TITLE, before=EVIL, after=EVIL),
    )


@pytest.mark.parametrize("envelope", [ENVELOPE, ENGLISH], ids=["fa", "en"])
def test_html_templates_and_bidi_controls_in_the_news_are_harmless(envelope: Envelope) -> None:
    for content in (
        evil_alert(),
        replace(
            DIGEST, groups=(DigestGroup(rule_id="r", name=Name(fa=EVIL), alerts=(evil_alert(),)),)
        ),
        OutletHealth(
            outlet_id="x",
            outlet=Name(fa=EVIL),
            condition=OutletCondition.BROKEN,
            detail=Name(fa=EVIL, en=EVIL),
            since_at=NOW,
        ),
        Notice(endpoint=EVIL, cause=DisableCause.GONE, answer=EVIL, since_at=NOW),
    ):
        rendered = render(content, replace(envelope, name=EVIL))
        page = Page(rendered)
        assert not {tag for tag, _ in page.tags} & {"script", "img"}
        assert all(link.startswith("https://") for link in page.links())
        assert "49" not in page.text
        for told in (rendered.html, rendered.text, rendered.subject):
            assert not re.search("[\u202a-\u202e\u200e\u200f\x00\x1b\u2028]", told)
        assert "\n" not in rendered.subject


def test_bidi_controls_of_ours_are_always_closed() -> None:
    for content in (*EVERY, evil_alert()):
        for line in render(content, ENVELOPE).text.splitlines():
            opened = sum(line.count(control) for control in "\u2066\u2067\u2068")
            assert opened == line.count("\u2069"), line


def test_a_text_of_ten_megabytes_makes_a_mail_of_ordinary_size() -> None:
    huge = "کلمه " * 2_000_000
    content = replace(alert(), headline=huge, lead=huge, kicker=huge)
    rendered = render(content, ENVELOPE)
    assert len(rendered.html) < 30_000
    assert len(rendered.text) < 10_000
    assert len(rendered.subject) <= 300


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=200))
def test_no_headline_breaks_a_subject_or_a_page(text: str) -> None:
    rendered = render(replace(alert(), headline=text, lead=text, kicker=text), ENVELOPE)
    assert not any(
        unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in rendered.subject
    )
    tags = {tag for tag, _ in Page(rendered).tags}
    assert tags <= BLOCKS | {"a", "bdi", "mark", "br", "head", "meta", "title", "style", "span"}
