"""Which hub a feed offers, whether a word is signed, and when a hub is asked again."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.websub import (
    LEASE_WANTED,
    HubOffer,
    Link,
    ask_again_at,
    is_private_line,
    is_signed,
    lease_granted,
    offered,
    renew_at,
)
from tests.crawler.making import NOW, page

FEED = "https://nazir.example/feed/"
HUB, OTHER = "https://hub.example/", "https://other.example/hub"
IN_FEED = (Link.of("hub", OTHER), Link.of("self", "https://nazir.example/all"))


def offer(header: str, *embedded: Link) -> HubOffer | None:
    return offered(replace(page("x"), headers={"link": header}), embedded)


@pytest.mark.parametrize(
    "header",
    [
        f'<{HUB}>; rel="hub", <{FEED}>; rel="self"',
        f"<{FEED}>; rel=self, <{HUB}>;rel=HUB",
        f'<https://nazir.example/wp/>; rel="https://api.w.org/", <{HUB}>; title="a,b"; rel="hub"',
        f'<{HUB}>; rel="hub nofollow"; type="text/html", </feed/>; rel="self"',
    ],
)
def test_a_hub_and_its_topic_are_found_in_link_headers(header: str) -> None:
    assert offer(header) == HubOffer(hub=HUB, topic=FEED)


def test_headers_are_believed_before_what_stands_in_the_feed() -> None:
    assert offer(f'<{HUB}>; rel="hub", <{FEED}>; rel="self"', *IN_FEED) == HubOffer(
        hub=HUB, topic=FEED
    )


def test_a_feed_whose_headers_name_no_hub_is_read_itself() -> None:
    found = offer('<https://nazir.example/wp-json/>; rel="https://api.w.org/"', *IN_FEED)
    assert found == HubOffer(hub=OTHER, topic="https://nazir.example/all")


def test_of_several_hubs_the_encrypted_one_is_chosen() -> None:
    hubs = (Link.of("hub", "http://plain.example/"), Link.of("hub", HUB))
    assert offer("", *hubs) == HubOffer(hub=HUB, topic=FEED)


@pytest.mark.parametrize("href", ["", "javascript:alert(1)", "mailto:a@b", "http://[broken"])
def test_what_is_no_address_is_no_hub(href: str) -> None:
    assert offer("", Link.of("hub", href)) is None


def test_a_feed_without_a_hub_offers_none() -> None:
    assert offer("", Link.of("self", FEED)) is None


@given(st.text(max_size=300))
def test_no_header_breaks_the_reading(header: str) -> None:
    offer(header)


def test_a_long_header_is_read_in_no_time() -> None:
    assert offer("<" * 200_000 + ";rel" * 50_000) is None
    assert offer("<a>" + "; rel" * 50_000) is None


@pytest.mark.parametrize(
    ("hub", "is_told"),
    [
        (HUB, True),
        ("http://hub.example/", False),
        ("http://127.0.0.1:8080/hub", True),
        ("http://[::1]/hub", True),
        ("http://10.0.0.1/hub", False),
        ("http://localhost.example/hub", False),
        ("http://[no/", False),
    ],
)
def test_a_secret_is_told_where_nobody_else_can_listen(hub: str, *, is_told: bool) -> None:
    assert is_private_line(hub) is is_told


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
@given(body=st.binary(max_size=200))
def test_every_method_of_the_recommendation_is_checked(method: str, body: bytes) -> None:
    signature = hmac.new(b"secret", body, method.lower()).hexdigest()
    assert is_signed(f"{method}={signature}", body, "secret")
    assert is_signed(f"{method}={signature.upper()}", body, "secret")
    assert not is_signed(f"{method}={signature}", body + b"!", "secret")
    assert not is_signed(f"{method}={signature}", body, "another")
    assert not is_signed(f"{method}={signature[:-1]}", body, "secret")


def test_what_is_not_signed_by_a_known_method_is_not_signed() -> None:
    md5 = hmac.new(b"secret", b"x", hashlib.md5).hexdigest()
    for header in (None, "", "sha256", f"md5={md5}", "sha256=é", "=", "sha256="):
        assert not is_signed(header, b"x", "secret")


def test_a_lease_is_what_the_hub_says_within_reason() -> None:
    assert lease_granted("3600") == timedelta(hours=1)
    assert lease_granted(" 864000 ") == LEASE_WANTED
    assert lease_granted("1") == timedelta(minutes=2)
    assert lease_granted("999999999") == timedelta(days=365)
    for odd in (None, "", "-5", "soon", "۳۶۰۰", "9" * 400):
        assert lease_granted(odd) == LEASE_WANTED


@given(st.timedeltas(min_value=timedelta(minutes=2), max_value=timedelta(days=365)))
def test_a_lease_is_renewed_with_time_for_some_failures_left(lease: timedelta) -> None:
    assert NOW < renew_at(lease, now=NOW) <= NOW + lease * 0.75


def test_a_silent_hub_is_asked_ever_more_rarely() -> None:
    waits = [ask_again_at(attempts, now=NOW) - NOW for attempts in range(12)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(days=1)
