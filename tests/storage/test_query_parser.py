"""The grammar: what parses to what, errors that point at the place, parse after format."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import StorageError
from storage.query import (
    And,
    DateBound,
    Dated,
    Everything,
    Fact,
    FactField,
    Last,
    Mode,
    Near,
    Not,
    Or,
    Query,
    Term,
    TextField,
    Within,
)
from storage.query_error import QueryError
from storage.query_format import format_query
from storage.query_parser import parse
from tests.storage.newsroom import NOW, queries


def term(text: str, mode: Mode = Mode.INFLECTED) -> Term:
    return Term(text=text, mode=mode, quoted=" " in text)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def read(text: str) -> Query:
    return parse(text, now=NOW)


MES, CATHODE, GOLD = term("مس"), term("کاتد"), term("طلا")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("مس", MES),
        ("مس کاتد", And(parts=(MES, CATHODE))),
        ("مس، کاتد؛ طلا", And(parts=(MES, CATHODE, GOLD))),
        ("مس AND کاتد", And(parts=(MES, CATHODE))),
        ("مس OR کاتد طلا", Or(parts=(MES, And(parts=(CATHODE, GOLD))))),
        ("(مس OR کاتد) طلا", And(parts=(Or(parts=(MES, CATHODE)), GOLD))),
        ("مس -کاتد", And(parts=(MES, Not(part=CATHODE)))),
        ("NOT NOT مس", MES),
        ('"مجتمع مس"', term("مجتمع مس")),
        ("«مجتمع مس»", term("مجتمع مس")),
        ("“مجتمع مس”", term("مجتمع مس")),
        ("=معدن", term("معدن", Mode.EXACT)),
        ('="صنایع کوچک"', term("صنایع کوچک", Mode.EXACT)),
        ("معدن*", term("معدن", Mode.PREFIX)),
        ('"شهرک صنع*"', term("شهرک صنع", Mode.PREFIX)),
        ("مس NEAR/۵ کاتد", Near(left=MES, right=CATHODE, distance=5)),
        ("مس NEAR کاتد", Near(left=MES, right=CATHODE, distance=10)),
        (
            "مس NOT NEAR/3 (کاتد OR طلا)",
            Near(left=MES, right=Or(parts=(CATHODE, GOLD)), distance=3, negated=True),
        ),
        ("title:مس", Within(field=TextField.TITLE, part=MES)),
        ("عنوان:مس", Within(field=TextField.TITLE, part=MES)),
        ("TITLE:(مس کاتد)", Within(field=TextField.TITLE, part=And(parts=(MES, CATHODE)))),
        ("role:agency", Fact(field=FactField.ROLE, value="agency")),
        (
            "role:(local OR agency)",
            Or(
                parts=(
                    Fact(field=FactField.ROLE, value="local"),
                    Fact(field=FactField.ROLE, value="agency"),
                )
            ),
        ),
        ("is:copy", Fact(field=FactField.IS, value="copy")),
        ("topic:copper-kerman", Fact(field=FactField.TOPIC, value="copper-kerman")),
        ("lang:fa", Fact(field=FactField.LANG, value="fa")),
        ("*", Everything()),
        ("ساعت 15:22", And(parts=(term("ساعت"), term("15:22")))),
    ],
)
def test_a_query_parses(text: str, query: Query) -> None:
    assert read(text) == query
    assert read(format_query(query)) == query


@pytest.mark.parametrize(
    ("text", "bound", "printed", "start_at", "end_at"),
    [
        ("after:۱۴۰۴/۱/۱", DateBound.AFTER, "1404/01/01", at(2025, 3, 20, 20, 30), None),
        ("after:2025-03-21", DateBound.AFTER, "2025-03-21", at(2025, 3, 20, 20, 30), None),
        ("before:1404-01-01", DateBound.BEFORE, "1404/01/01", None, at(2025, 3, 20, 20, 30)),
        (
            "on:1403/12",
            DateBound.ON,
            "1403/12",
            at(2025, 2, 18, 20, 30),
            at(2025, 3, 20, 20, 30),
        ),
        (
            "روز:2025",
            DateBound.ON,
            "2025",
            at(2024, 12, 31, 20, 30),
            at(2025, 12, 31, 20, 30),
        ),
        (
            "on:1404.05.01",
            DateBound.ON,
            "1404/05/01",
            at(2025, 7, 22, 20, 30),
            at(2025, 7, 23, 20, 30),
        ),
    ],
)
def test_dates_are_days_of_tehran_in_either_calendar(
    text: str, bound: DateBound, printed: str, start_at: datetime | None, end_at: datetime | None
) -> None:
    query = read(text)
    assert isinstance(query, Dated)
    assert (query.bound, query.printed) == (bound, printed)
    assert (query.start_at, query.end_at) == (start_at, end_at)


def test_the_last_days_count_back_from_now() -> None:
    assert read("last:7d") == Last(amount=7, unit="d", start_at=at(2025, 5, 25, 12))
    assert read("last:۲ساعت") == Last(amount=2, unit="h", start_at=at(2025, 6, 1, 10))


ERRORS: Final = [
    ("", 0, "empty", "type a word"),
    ("   ", 3, "empty", "type a word"),
    ('مس "مجتمع', 3, "never closed", "close the phrase"),
    ("«مجتمع", 0, "never closed", "»"),
    ("مجتمع»", 5, "closes nothing", "open the phrase"),
    ("(مس", 0, "never closed", "add )"),
    ("مس)", 2, "closes nothing", "remove it"),
    ("()", 1, "nothing before", "into the brackets"),
    ("مس AND", 6, "too early", "last operator"),
    ("OR مس", 0, "nothing on its left", "put a word"),
    ("NEAR/3 مس", 0, "nothing on its left", "before NEAR"),
    ("مس NEAR/500 کاتد", 3, "no usable distance", "1 to 100"),
    ("مس NEAR/x کاتد", 3, "no usable distance", "1 to 100"),
    ("مس NEAR/-1 کاتد", 3, "no usable distance", "1 to 100"),
    ("مس NEAR/0 کاتد", 3, "no usable distance", "1 to 100"),
    ("مس NEAR/1.5 کاتد", 3, "no usable distance", "1 to 100"),
    ("مس NEAR/999999 کاتد", 3, "no usable distance", "1 to 100"),
    ("مس NOT NEAR/-5 کاتد", 7, "no usable distance", "1 to 100"),
    ("مس NEAR /5 کاتد", 8, "stands apart", "NEAR/10"),
    ("مس NEAR/3 -کاتد", 10, "nothing on its left", "put a word"),
    ("last:7d NEAR/3 مس", 0, "NEAR measures", "quote a phrase"),
    ("«مس کاتد", 0, "never closed", "close the phrase"),
    ("مس کاتد»", 7, "closes nothing", "open the phrase"),
    ("«» مس", 0, "no word here", "letters or digits"),
    ("last:", 0, "has no value", "last:7d"),
    ("last:99999999d", 5, "no length of time", "last:7d"),
    ("on:1404/12/30", 3, "no such day", "2025-03-21"),
    ("NOT", 3, "too early", "last operator"),
    ("(مس کاتد) NEAR/3 طلا", 0, "NEAR measures", "quote a phrase"),
    ("titel:مس", 0, "no field", "did you mean title:?"),
    ("site:a.ir", 0, "no field", "quote a text"),
    ("title:", 0, "has no value", "title:کرمان"),
    ("title:role:local", 0, "has no value", "title:کرمان"),
    ("title:(مس AND *)", 0, "another field", "words and phrases only"),
    ("role:lokal", 5, "no role", "local, agency"),
    ("role:(local agency)", 5, "one value", "close the bracket"),
    ("role:", 0, "has no value", "role:local"),
    ("is:new", 3, "no kind of article", "original"),
    ("lang:persian", 5, "no language", "fa, ar"),
    ("topic:Mes!", 6, "no topic", "copper"),
    ("after:1404/13/01", 6, "no such day", "after:1404/01/31"),
    ("after:yesterday", 6, "no date", "last:7d"),
    ("after:", 0, "has no value", "after:1404/01/31"),
    ("last:7x", 5, "no length of time", "last:7d"),
    ("on:1600", 3, "no such day", "2025-03-21"),
    ("م*", 0, "nearly everything", "more letters"),
    ("مع*دن", 0, "only end a word", "معدن*"),
    ('"* مس"', 0, "only end a word", "معدن*"),
    ("=معدن*", 1, "contradict", "choose one"),
    ("= معدن", 0, "right after it", "=معدن"),
    ("؟؟", 0, "no word here", "letters or digits"),
    ("!*", 0, "must follow a letter", "معدن*"),
]


@pytest.mark.parametrize(("text", "position", "message", "hint"), ERRORS)
def test_an_error_points_at_the_place_and_says_what_to_do(
    text: str, position: int, message: str, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        read(text)
    error = caught.value
    assert isinstance(error, StorageError)
    assert error.position == position
    assert message in error.message
    assert hint in error.hint
    shown, caret, *words = error.caret().split("\n")
    assert shown == text
    assert caret == " " * position + "^"
    assert words == [error.message, error.hint]


def test_the_caret_of_a_long_query_shows_its_surroundings() -> None:
    with pytest.raises(QueryError) as caught:
        read("معدن " * 100 + "titel:x" + " معدن" * 100)
    shown, caret, *_ = caught.value.caret().split("\n")
    assert len(shown) == 120
    assert shown[caret.index("^") :].startswith("titel:x")


def test_an_unknown_topic_is_an_error_where_the_topics_are_known() -> None:
    with pytest.raises(QueryError, match="the topics are copper, sme"):
        parse("topic:coper", now=NOW, topics={"sme", "copper"})
    assert parse("topic:copper", now=NOW, topics={"copper"})


def test_endless_and_bottomless_queries_are_refused() -> None:
    with pytest.raises(QueryError, match="longer than"):
        read("مس " * 10_000)
    with pytest.raises(QueryError, match="levels of brackets"):
        read("(" * 60 + "مس" + ")" * 60)
    with pytest.raises(QueryError, match="levels of brackets"):
        read("-" * 60 + "مس")
    with pytest.raises(QueryError, match="NOT or NEAR"):
        read(" NEAR ".join(["مس"] * 2_400))


def test_many_operators_side_by_side_are_no_depth() -> None:
    read(" OR ".join(["مس NEAR/3 کاتد", "-طلا"] * 500))
    read(" ".join(["(مس NEAR کاتد NEAR معدن)"] * 200))


def test_conditions_that_exclude_each_other_are_read_and_hold_for_nothing() -> None:
    assert read(format_query(read("after:1404 before:1403"))) == read("after:1404 before:1403")
    assert read("NOT مس") == Not(part=Term(text="مس"))


@settings(max_examples=300, deadline=None)
@given(queries())
def test_parsing_what_was_formatted_gives_the_same_query(query: Query) -> None:
    assert read(format_query(query)) == query


PIECES: Final = (
    *("مس", "کاتد", "AND", "OR", "NOT", "NEAR/3", "(", ")", '"', "«", "»", "-", "=", "*", "title:"),
    *("role:", "local", "after:", "1404", "a:b", ":", "،", "x_y", "'", "\\"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10), st.sampled_from(["", " "]))
def test_any_text_parses_to_what_its_format_parses_to_or_says_why_not(
    pieces: list[str], glue: str
) -> None:
    text = glue.join(pieces)
    query = _read_if_possible(text)
    if query is not None:
        assert read(format_query(query)) == query


def _read_if_possible(text: str) -> Query | None:
    try:
        return read(text)
    except QueryError as error:
        if not 0 <= error.position <= len(text):
            raise
        return None
