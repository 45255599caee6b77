"""More than four hundred pairs of our own, each decided alone and all in one archive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest

from crawler.article import Article
from storage.comparison import Side, compare
from storage.database import Database
from storage.evidence import Evidence
from storage.sketch import sketch
from storage.stories import moment
from tests.storage.same_story_edits import COMBINED, EDITS, Printed
from tests.storage.same_story_lists import LISTS
from tests.storage.same_story_press import arrive
from tests.storage.same_story_reports import REPORTS, Report
from tests.storage.same_story_templates import LOOKALIKES, Lookalike
from tests.storage.same_story_texts import article

NOTHING_LEARNED = np.empty(0, dtype=np.uint64)
NAMES = frozenset({"نذیر", "کرمان", "ارمان", "فردای", "مهر", "خبرگزاری", "ایرنا"})


@dataclass(frozen=True, slots=True)
class Pair:
    name: str
    first: Article
    second: Article


def decide_pair(first: Article, second: Article) -> Evidence | None:
    """Return the evidence for a pair in an empty archive; None when nothing proposes it."""
    old, new = (_side(number, one) for number, one in enumerate((first, second), start=1))
    if not set(old.sketch.fingerprints) & set(new.sketch.fingerprints):
        return None
    return compare(new, old, boilerplate=NOTHING_LEARNED, neutral=NAMES).evidence


def _side(number: int, one: Article) -> Side:
    return Side(
        article_id=number,
        story_id=number,
        outlet_id=one.outlet_id,
        external_id=one.external_id,
        at=moment(one),
        sketch=sketch(one.title, one.text),
    )


def printed(report: Report) -> Printed:
    return Printed(title=report.title, paragraphs=report.paragraphs)


def copies() -> Iterator[Pair]:
    for place, (name, report) in enumerate(REPORTS.items()):
        start = place * 6000.0
        original = article("nazir", report.paragraphs, title=report.title, minutes=start)
        for number, (edit_name, edit) in enumerate((EDITS | COMBINED).items()):
            text = edit(printed(report))
            minutes = start + 20 + 7 * number
            copy = article("arman", text.paragraphs, title=text.title, minutes=minutes)
            yield Pair(f"{name}: {edit_name}", original, copy)


def look_alike(one: Lookalike, start: float = 0) -> Pair:
    other = "nazir" if one.same_outlet else "farda"
    return Pair(
        one.name,
        article("nazir", (one.texts[0],), title=one.titles[0], minutes=start),
        article(other, (one.texts[1],), title=one.titles[1], minutes=start + 60 * one.hours),
    )


def strangers() -> Iterator[Pair]:
    """The same event told independently, without and with a remark that both heard."""
    for name, report in REPORTS.items():
        original = article("nazir", report.paragraphs, title=report.title)
        own = report.retold_paragraphs
        remark = f"«{report.paragraphs[2]}»"
        yield Pair(
            f"{name} retold", original, article("farda", own, title=report.retold_title, minutes=50)
        )
        quoting = (*own, *background(name), remark)
        yield Pair(
            f"{name} retold with a quotation",
            original,
            article("farda", quoting, title=report.retold_title, minutes=55),
        )


def background(name: str) -> tuple[str, ...]:
    """Paragraphs of another report, to give a text a body of its own."""
    others = [report for other, report in REPORTS.items() if other != name]
    return others[len(name) % len(others)].paragraphs[:4]


def follow_ups() -> Iterator[Pair]:
    """The next day's news of one matter, with paragraphs of the older report as background."""
    names = list(REPORTS)
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        report, fresh = REPORTS[name], REPORTS[other]
        paragraphs = (*fresh.retold_paragraphs, *fresh.paragraphs[:3], *report.paragraphs[1:3])
        yield Pair(
            f"{name}: the next day",
            article("nazir", report.paragraphs, title=report.title),
            article("farda", paragraphs, title=fresh.retold_title, minutes=60 * 23),
        )


def unlike() -> Iterator[Pair]:
    names = list(REPORTS)
    for one, other in zip(names, names[3:] + names[:3], strict=True):
        yield Pair(
            f"{one} and {other}",
            article("nazir", REPORTS[one].paragraphs, title=REPORTS[one].title),
            article("nazir", REPORTS[other].paragraphs, title=REPORTS[other].title, minutes=30),
        )


COPIES = list(copies())
APART = [*map(look_alike, (*LOOKALIKES, *LISTS)), *strangers(), *follow_ups(), *unlike()]


def test_the_set_is_as_large_as_it_claims() -> None:
    assert len(COPIES) > 300
    assert len(APART) > 45
    assert len({pair.name for pair in COPIES + APART}) == len(COPIES) + len(APART)


@pytest.mark.parametrize("pair", COPIES, ids=lambda pair: pair.name)
def test_a_copy_is_known_in_either_order(pair: Pair) -> None:
    for first, second in ((pair.first, pair.second), (pair.second, pair.first)):
        evidence = decide_pair(first, second)
        assert evidence is not None
        assert evidence.same, evidence


@pytest.mark.parametrize("pair", APART, ids=lambda pair: pair.name)
def test_what_only_looks_alike_stays_apart_in_either_order(pair: Pair) -> None:
    for first, second in ((pair.first, pair.second), (pair.second, pair.first)):
        evidence = decide_pair(first, second)
        assert evidence is None or not evidence.same, evidence


def test_all_of_them_are_right_in_one_archive(database: Database) -> None:
    originals = {id(pair.first): pair.first for pair in COPIES}
    alike = [look_alike(one, place * 90.0) for place, one in enumerate(LOOKALIKES)]
    apart = [one for pair in alike for one in (pair.first, pair.second)]
    arriving = [*originals.values(), *(pair.second for pair in COPIES[::4]), *apart]
    arriving.sort(key=lambda one: one.fetched_at)
    placed = dict(zip((one.url for one in arriving), arrive(database, *arriving), strict=True))
    for pair in COPIES[::4]:
        assert placed[pair.second.url].story_id == placed[pair.first.url].story_id, pair.name
    stories = [placed[one.url].story_id for one in (*originals.values(), *apart)]
    assert len(set(stories)) == len(stories)


def test_a_digest_belongs_to_every_story_in_it_and_merges_none(database: Database) -> None:
    chosen = [REPORTS[name] for name in ("copper", "qanat", "carpet")]
    reports = [
        article("nazir", one.paragraphs, title=one.title, minutes=10 * place)
        for place, one in enumerate(chosen)
    ]
    lines = tuple(line for one in chosen for line in (f"■ {one.title}", *one.paragraphs[:4]))
    digest = article("farda", lines, title="سه خبر از سه شهر", minutes=400)
    placed = arrive(database, *reports, digest)
    assert len({one.story_id for one in placed}) == 4
    assert placed[3].relation.value == "digest"


@pytest.mark.parametrize("late", [-15, 400])
def test_an_item_of_a_digest_is_no_copy_of_it(database: Database, late: float) -> None:
    chosen = [REPORTS[name] for name in ("bus", "steam", "hospital")]
    lines = tuple(line for one in chosen for line in (f"■ {one.title}", *one.paragraphs[:4]))
    digest = article("farda", lines, title="سه خبر از سه شهر", minutes=0)
    item = article("nazir", chosen[1].paragraphs, title=chosen[1].title, minutes=late)
    placed = arrive(database, digest, item)
    assert placed[0].story_id != placed[1].story_id


def test_an_independent_telling_is_linked_and_not_merged(database: Database) -> None:
    pair = next(pair for pair in strangers() if pair.name == "copper retold with a quotation")
    original, other = arrive(database, pair.first, pair.second)
    assert other.story_id != original.story_id
    assert other.relation.value == "same_event"
    assert abs(other.evidence.apart if other.evidence else timedelta.max) < timedelta(hours=1)


def test_a_toll_that_goes_on_elsewhere_is_the_same_event(database: Database) -> None:
    toll = next(one for one in LOOKALIKES if one.name == "updates of a toll in another outlet")
    pair = look_alike(toll)
    first, second = arrive(database, pair.first, pair.second)
    assert second.story_id != first.story_id
    assert second.relation.value == "same_event"


def test_tomorrows_prices_are_no_event_of_todays(database: Database) -> None:
    prices = next(one for one in LOOKALIKES if one.name == "daily prices in another outlet")
    pair = look_alike(prices)
    assert [one.relation.value for one in arrive(database, pair.first, pair.second)] == [
        "original",
        "original",
    ]
