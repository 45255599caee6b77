"""The matcher's verdicts: scores, clauses, words as printed, topics first."""

from datetime import UTC, datetime
from typing import Any

from alerts.match import Matcher
from alerts.rules import Clause, Evidence, Rule, parse_rule
from storage.document import Document
from storage.query_parser import parse

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def article(**fields: Any) -> Document:
    return Document(**({"outlet_id": "nazir", "title": "", "published_at": NOW} | fields))


def evidence(*texts: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(query=parse(text, now=NOW), text=text) for text in texts)


def clause(name: str, points: float, *texts: str, **more: Any) -> Clause:
    fields = {"name": name, "points": points, "body_points": points / 2} | more
    return Clause(evidence=evidence(*texts), **fields)


def rule(*clauses: Clause, **more: Any) -> Rule:
    return Rule(**({"id": "it", "name": "it", "clauses": clauses, "threshold": 2.0} | more))


def rules(*texts: str) -> Matcher:
    return Matcher.compile(parse_rule(text, text, now=NOW) for text in texts)


def test_only_rules_that_hold_fire_in_the_order_given() -> None:
    matcher = rules("طلا", "معدن", '"معدن مس"', "مس -معدن", "معدن NEAR/2 مس")
    fired = matcher.match(article(title="معدن بزرگ مس"))
    assert [match.rule_id for match in fired] == ["معدن", "معدن NEAR/2 مس"]


def test_a_match_shows_the_words_where_they_are_printed() -> None:
    title, body = "گزارش", "شركت هاي كوچك در خاتونآباد"
    (match,) = rules('"شرکت کوچک" خاتون‌آباد').match(article(title=title, body=body, kicker="روز"))
    assert [(hit.field, hit.printed) for hit in match.hits] == [
        ("body", "شركت هاي كوچك"),
        ("body", "خاتونآباد"),
    ]
    assert all(body[hit.start : hit.end] == hit.printed for hit in match.hits)
    assert match.words == ("شركت هاي كوچك", "خاتونآباد")


def test_words_are_shown_in_their_longest_form_once() -> None:
    (match,) = rules('مس OR "مجتمع مس" OR کاتد').match(article(body="مجتمع مس و کاتد و کاتد"))
    assert match.words == ("مجتمع مس", "کاتد")


def test_the_headline_counts_in_full_and_the_body_in_part() -> None:
    matcher = Matcher.compile([rule(clause("metal", 2.0, "مس", "کاتد"))])
    (match,) = matcher.match(article(title="مس"))
    assert match.score == 2.0
    assert match.reasons[0].evidence == ("مس",)
    assert matcher.match(article(body="مس")) == ()
    (match,) = matcher.match(article(body="مس و کاتد"))
    assert (match.score, match.reasons[0].points) == (2.0, 2.0)


def test_at_most_so_many_pieces_of_a_clause_count() -> None:
    matcher = Matcher.compile([rule(clause("metal", 2.0, "مس", "کاتد", "آند", most=2))])
    (verdict,) = matcher.judge(article(title="آند و کاتد و مس"))
    assert verdict.score == 4.0
    assert verdict.reasons[0].evidence == ("مس", "کاتد", "آند")


def test_contexts_speak_against() -> None:
    matcher = Matcher.compile([rule(clause("metal", 2.0, "مس"), clause("sport", -3.0, "لیگ"))])
    assert matcher.match(article(title="مس در لیگ")) == ()
    (verdict,) = matcher.judge(article(title="مس در لیگ"))
    assert (verdict.score, verdict.is_fired) == (-1.0, False)
    (match,) = matcher.match(article(title="مس"))
    assert match.words == ("مس",)


def test_a_clause_may_count_only_beside_another() -> None:
    matcher = Matcher.compile(
        [rule(clause("metal", 1.0, "مس"), clause("people", 1.0, "رستمی", beside=("metal",)))]
    )
    assert matcher.match(article(title="رستمی")) == ()
    assert matcher.judge(article(title="رستمی")) == ()
    (match,) = matcher.match(article(title="رستمی از مس گفت"))
    assert match.score == 2.0


def test_what_is_required_must_be_there() -> None:
    matcher = Matcher.compile(
        [rule(clause("metal", 2.0, "مس"), clause("place", 0.0, "کرمان"), requires=("place",))]
    )
    (verdict,) = matcher.judge(article(title="مس"))
    assert (verdict.missing, verdict.is_fired) == (("place",), False)
    (match,) = matcher.match(article(title="مس", body="کرمان"))
    assert [reason.clause for reason in match.reasons] == ["metal", "place"]


def test_rules_can_ask_for_the_topics_that_fire() -> None:
    topic = rule(clause("metal", 2.0, "مس"), id="copper", is_topic=True)
    asks = parse_rule("asks", "topic:copper AND کرمان", now=NOW)
    without = parse_rule("without", "-topic:copper", now=NOW)
    given = parse_rule("given", "topic:sme", now=NOW)
    matcher = Matcher.compile([asks, without, topic, given])
    fired = [match.rule_id for match in matcher.match(article(title="مس کرمان"))]
    assert fired == ["asks", "copper"]
    fired = [match.rule_id for match in matcher.match(article(topics=frozenset({"sme"})))]
    assert fired == ["without", "given"]


def test_fields_beside_the_text_are_matched_too() -> None:
    matcher = rules("tag:مس", "outlet:nazir", "credit:ایرنا", "role:trade", "town:کرمان -tag:طلا")
    fired = matcher.match(article(tags=("مس",), credits=("خبرگزاری ایرنا",), town="کرمان"))
    assert [match.rule_id for match in fired] == [
        "tag:مس",
        "outlet:nazir",
        "credit:ایرنا",
        "town:کرمان -tag:طلا",
    ]
    assert fired[0].hits[0].field == "tag"


def test_nothing_matches_nothing() -> None:
    assert Matcher.compile([]).match(article(title="مس")) == ()
    assert rules("مس").match(article()) == ()


def test_a_rule_may_be_limited_to_languages() -> None:
    matcher = Matcher.compile([rule(clause("metal", 2.0, "مس"), languages=frozenset({"fa"}))])
    assert matcher.match(article(title="مس", language="fa"))
    assert not matcher.match(article(title="مس", language="ur"))
