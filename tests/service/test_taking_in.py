"""An old collection comes into the archive by its own way, line by line, and alerts nobody."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.page import Page, Validators
from service.errors import NotImportedError
from service.house import House
from service.taking_in import LONGEST_LINE_BYTES, Step, take_in
from storage.articles import Outcome, find_article
from storage.errors import UnreadableRecordError
from storage.ledger import list_deliveries
from storage.members import find_member
from storage.rules import matches_of_stories
from storage.warc import encode_page
from tests.service.conftest import Played
from tests.service.copied import copied

BODY = "کارگاه‌های کوچک شهرک صنعتی کرمان با وام تازه دوباره به کار افتادند و کارگر گرفتند."


@pytest.fixture
def house(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "importing") as house:
        yield house


def line(**changed: object) -> str:
    record = {
        "outlet_id": "armanekerman",
        "url": "https://arman.example/old/1",
        "title": "صنایع کوچک و متوسط کرمان جان گرفتند",
        "body": BODY,
        "published": "2026-11-20T08:00:00+03:30",
    }
    return json.dumps(record | changed, ensure_ascii=False)


def steps(house: House, *lines: str | bytes) -> list[Step]:
    raw = b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines)
    return list(take_in(house, io.BytesIO(raw), name="old.jsonl"))


def page_of(house: House, url: str, body: str) -> Page:
    return Page(
        requested_url=url,
        url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        media_type="text/html",
        charset="utf-8",
        body=body.encode(),
        fetched_at=house.clock(),
        validators=Validators(),
    )


def deliveries(house: House) -> set[str]:
    with house.database.read() as connection:
        return {one.id for one in list_deliveries(connection, limit=10_000)}


def test_a_line_becomes_an_article_with_its_story_and_topics_and_alerts_nobody(
    house: House,
) -> None:
    owed = deliveries(house)
    assert [one.outcome for one in steps(house, line())] == [Outcome.NEW]
    with house.database.read() as connection:
        found = find_article(connection, "armanekerman", "https://arman.example/old/1")
        assert found is not None
        member = find_member(connection, found.id)
        assert member is not None
        matches = matches_of_stories(connection, [member.story_id])
    assert "sme" in {one.rule_id for one in matches[member.story_id]}
    assert deliveries(house) == owed


def test_the_same_file_again_changes_nothing(house: House) -> None:
    steps(house, line(), line(url="https://arman.example/old/2", title="خبری دیگر از بازار"))
    again = steps(
        house, line(), line(url="https://arman.example/old/2", title="خبری دیگر از بازار")
    )
    assert [one.outcome for one in again] == [Outcome.UNCHANGED] * 2


def test_an_outlet_nobody_knows_is_archived_too(house: House) -> None:
    found = steps(house, line(outlet_id="long-gone", url="https://gone.example/1"))
    assert [one.outcome for one in found] == [Outcome.NEW]


def test_a_line_that_cannot_be_read_is_told_and_the_next_follows(house: House) -> None:
    found = steps(
        house, "{", "", line(title=""), b"\xff\xfe", b"x" * (3 * LONGEST_LINE_BYTES), line()
    )
    assert [one.place for one in found] == [1, 3, 4, 5, 6]
    assert [one.outcome for one in found] == [None] * 4 + [Outcome.NEW]
    told = [str(one.problem) for one in found[:4]]
    assert "old.jsonl, line 1 is no JSON" in told[0]
    assert "lacks title" in told[1]
    assert "no UTF-8" in told[2]
    assert "too long" in told[3]


def test_kept_pages_are_extracted_like_any_other(house: House) -> None:
    outlet = house.outlet("armanekerman")
    body = (
        f"<html><head><title>{BODY[:40]}</title></head><body><article><h1>{BODY[:40]}</h1>"
        f"<p>{BODY}</p><p>{BODY[::-1]}</p><p>{BODY}</p></article></body></html>"
    )
    pages = [
        page_of(house, outlet.homepage.rstrip("/") + "/archive/77", body),
        page_of(house, "https://nobody.example/1", body),
        page_of(house, outlet.homepage.rstrip("/") + "/archive/78", "<html></html>"),
    ]
    file = io.BytesIO(b"".join(encode_page(one).record for one in pages))
    first, second, third = take_in(house, file, name="old.warc.gz")
    assert first.outcome is Outcome.NEW, first
    assert isinstance(second.problem, NotImportedError)
    assert "no outlet's host" in str(second.problem)
    assert isinstance(third.problem, NotImportedError)


def test_what_is_no_warc_is_one_problem(house: House) -> None:
    file = io.BytesIO(b"\x1f\x8b" + b"nothing of the kind")
    (only,) = take_in(house, file, name="odd.gz")
    assert isinstance(only.problem, UnreadableRecordError)
    assert "odd.gz is no WARC file" in str(only.problem)
