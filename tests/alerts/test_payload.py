"""Webhook bodies: every event fits its published schema and stays under 20 KB."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.content import from_json, to_json
from alerts.errors import UnreadableContentError
from alerts.events import EVENTS, SCHEMA_VERSION, schema_of
from alerts.message import (
    Change,
    ChangeKind,
    Confirmation,
    Content,
    Digest,
    DigestGroup,
    DisableCause,
    FiredRule,
    Name,
    Notice,
    Ping,
    Span,
)
from alerts.payload import MAX_BYTES, body_of, holds_all
from tests.alerts.news import NAMES, NOW, alert
from tests.alerts.test_render import DIGEST, EVERY

CHANGED = replace(alert(), change=Change(kind=ChangeKind.TITLE, before="آ", after="ب"))
BY_EVENT: dict[str, Content] = {
    "story.matched": alert(),
    "story.updated": CHANGED,
    "digest.ready": DIGEST,
    "outlet.health": EVERY[5],
    "ping": Ping(),
}


DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Check a value against the part of JSON Schema that our schemas use."""
    if "$ref" in schema:
        return fits(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return any(fits(value, option, whole) for option in schema["anyOf"])
    if "const" in schema:
        return bool(value == schema["const"])
    if schema["type"] == "object":
        return is_object(value, schema, whole)
    if schema["type"] == "array":
        items = schema["items"]
        return isinstance(value, list) and all(fits(inner, items, whole) for inner in value)
    return is_plain(value, schema)


def is_object(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    known = schema["properties"]
    return (
        isinstance(value, dict)
        and set(schema.get("required", ())) <= value.keys() <= known.keys()
        and all(fits(inner, known[name], whole) for name, inner in value.items())
    )


def is_plain(value: Any, schema: dict[str, Any]) -> bool:
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    if schema["type"] == "null":
        return value is None
    if schema.get("format") == "date-time":
        return DATED.fullmatch(value) is not None
    return isinstance(value, kinds[schema["type"]])


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_fits_its_schema_and_no_other_events(event: str) -> None:
    body = json.loads(body_of(BY_EVENT[event], owed_at=NOW))
    assert body["type"] == event
    assert body["timestamp"] == "2026-11-23T08:00:00Z"
    assert body["schema_version"] == SCHEMA_VERSION
    for other in EVENTS:
        schema = schema_of(other)
        assert fits(body, schema, schema) is (other == event)
    broken = body | {"data": body["data"] | {"surprise": 1}}
    own = schema_of(event)
    assert not fits(broken, own, own)


def test_schemas_can_be_published() -> None:
    for event in EVENTS:
        schema = schema_of(event)
        assert json.loads(json.dumps(schema)) == schema
        assert schema["$schema"].endswith("2020-12/schema")
    with pytest.raises(KeyError):
        schema_of("story.unknown")


def test_a_story_says_why_and_who_else_carries_it() -> None:
    data = json.loads(body_of(alert(), owed_at=NOW))["data"]
    assert data["rules"] == [
        {
            "id": "copper",
            "name": "صنعت مس",
            "score": 2.5,
            "terms": ["کاتد"],
            "sentence": "تولید کاتد رسید.",
        }
    ]
    assert [carrier["outlet"]["id"] for carrier in data["spread"]] == ["farda", "nazir"]
    assert data["outlets"] == 2
    assert data["change"] is None


def test_every_story_carries_its_link_of_feedback_and_still_fits_its_schema() -> None:
    def link(story_id: int) -> str:
        return f"https://a.ir/f/{story_id}"

    for event in ("story.matched", "story.updated", "digest.ready"):
        body = json.loads(body_of(BY_EVENT[event], owed_at=NOW, feedback_url=link))
        schema = schema_of(event)
        assert fits(body, schema, schema)
    stories = [story for group in body["data"]["groups"] for story in group["stories"]]
    assert [one["feedback_url"] for one in stories] == [link(1), link(2), link(3)]
    ping = json.loads(body_of(Ping(), owed_at=NOW, feedback_url=link))
    assert "feedback_url" not in json.dumps(ping)


def test_links_of_feedback_go_before_stories_do() -> None:
    many = tuple(replace(alert(n), lead="کلمه " * 20) for n in range(24))
    group = DigestGroup(rule_id="copper", name=NAMES["copper"], alerts=many)
    digest = Digest(rhythm="daily", from_at=NOW, until_at=NOW, groups=(group,))
    assert holds_all(digest)
    body = body_of(digest, owed_at=NOW, feedback_url=lambda story: f"https://a.ir/{story:0>200}")
    data = json.loads(body)["data"]
    assert len(data["groups"][0]["stories"]) == 24
    assert data["left_out"] == 0
    assert {one["feedback_url"] for one in data["groups"][0]["stories"]} == {None}


@pytest.mark.parametrize("letter", ["ا", "a", "😀", '"', "\\"])
def test_a_text_of_ten_megabytes_makes_a_small_body(letter: str) -> None:
    huge = letter * 2_500_000
    rule = FiredRule(
        rule_id="r", name=Name(fa=huge), score=1, terms=(huge,) * 50, sentence=(Span(text=huge),)
    )
    one = alert()
    content = replace(
        one,
        headline=huge,
        lead=huge,
        kicker=huge,
        outlet=Name(fa=huge),
        rules=(rule,) * 50,
        spread=one.spread * 500,
    )
    body = body_of(content, owed_at=NOW)
    assert len(body) <= MAX_BYTES
    data = json.loads(body)["data"]
    assert data["outlets"] == 1000
    assert data["rules"]


def test_a_digest_too_large_for_one_body_says_how_many_it_left_out() -> None:
    many = tuple(replace(alert(n), lead="کلمه " * 200) for n in range(100))
    digest = Digest(
        rhythm="daily",
        from_at=NOW,
        until_at=NOW,
        groups=(DigestGroup(rule_id="copper", name=NAMES["copper"], alerts=many),),
    )
    body = body_of(digest, owed_at=NOW)
    data = json.loads(body)["data"]
    told = sum(len(group["stories"]) for group in data["groups"])
    assert len(body) <= MAX_BYTES
    assert told > 0
    assert told + data["left_out"] == 100


@pytest.mark.parametrize(
    "content",
    [
        Confirmation(),
        Notice(endpoint="x", cause=DisableCause.GONE, since_at=NOW),
        DIGEST.corrections[0],
    ],
)
def test_what_concerns_persons_only_is_never_posted(content: Content) -> None:
    with pytest.raises(ValueError, match="told by mail"):
        body_of(content, owed_at=NOW)


@pytest.mark.parametrize("content", [*EVERY, CHANGED], ids=lambda content: content.kind)
def test_what_the_ledger_keeps_comes_back_as_it_was(content: Content) -> None:
    kept = json.loads(json.dumps(to_json(content)))
    assert from_json(kept) == content
    assert to_json(from_json(kept)) == kept


@settings(deadline=None)
@given(headline=st.text(), score=st.floats(0, 100), lead=st.none() | st.text())
def test_any_text_survives_the_ledger(headline: str, score: float, lead: str | None) -> None:
    one = alert()
    content = replace(
        one, headline=headline, lead=lead, rules=(replace(one.rules[0], score=score),)
    )
    try:
        kept = json.dumps(to_json(content))
    except UnicodeEncodeError:
        return
    assert from_json(json.loads(kept)) == content


@pytest.mark.parametrize(
    "kept", [{}, {"kind": "song"}, {"kind": "story"}, {"kind": "ping", "note": 7}]
)
def test_a_content_of_another_version_is_named(kept: dict[str, object]) -> None:
    with pytest.raises(UnreadableContentError, match="cannot read"):
        from_json(kept)
