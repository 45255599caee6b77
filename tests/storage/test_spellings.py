"""What a search finds, case by case: spellings, joints, inflection, operators."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from alerts.match import Matcher
from alerts.rules import rule_of
from storage.evaluate import Analysed, evaluate, hits
from storage.query import Query, Term
from storage.query_parser import parse
from tests.storage.newsroom import document

NOW: Final = datetime(2025, 6, 1, tzinfo=UTC)
SIGNS: Final = ("AND", "OR", "NOT", "NEAR", '"', "(", "=", "*", " -", "-=")


def _cases() -> list[tuple[str, str, bool]]:
    cases: list[tuple[str, str, bool]] = []
    term = ""
    for line in Path(__file__).with_name("spellings.txt").read_text(encoding="utf-8").splitlines():
        sign, _, text = line.partition(" ")
        if sign == "?":
            term = text
        elif sign in {"+", "-"}:
            cases.append((term, text, sign == "+"))
    return cases


CASES: Final = _cases()


def _query(term: str) -> Query:
    if any(sign in term for sign in SIGNS):
        return parse(term, now=NOW)
    return Term(text=term, quoted=" " in term)


def test_there_are_as_many_cases_as_promised() -> None:
    assert len(CASES) >= 300
    assert len(set(CASES)) == len(CASES)


@pytest.mark.parametrize(("term", "text", "found"), CASES)
def test_a_term_finds_what_it_must_and_nothing_else(term: str, text: str, *, found: bool) -> None:
    query, written = _query(term), document(body=text)
    assert evaluate(query, Analysed(written)) is found
    assert bool(Matcher.compile([rule_of("it", query, term)]).match(written)) is found


@pytest.mark.parametrize(("term", "text"), [case[:2] for case in CASES if case[2]])
def test_a_hit_marks_the_text_as_printed(term: str, text: str) -> None:
    for hit in hits(_query(term), Analysed(document(body=text))):
        assert text[hit.start : hit.end] == hit.printed
        assert hit.printed.strip("«»() .،") == hit.printed
