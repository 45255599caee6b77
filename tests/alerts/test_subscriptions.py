"""What people type to subscribe: taken when right, answered with the cure when wrong."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadSubscriptionError
from alerts.subscriptions import (
    checked,
    parse_email,
    parse_endpoint,
    parse_minute,
    parse_quiet,
    parse_rhythm,
)
from storage.subscription import Preferences, QuietHours, Rhythm
from tests.alerts.test_forbidden_addresses import LITERALS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sara@example.ir", "sara@example.ir"),
        ("  Sara.N+news@EXAMPLE.ir ", "Sara.N+news@example.ir"),
        ("sara@کرمان.ایران", f"sara@{'کرمان.ایران'.encode('idna').decode()}"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_ascii(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sara",
        "sara@",
        "@example.ir",
        "sara@localhost",
        "sara@127.0.0.1",
        "sara@[127.0.0.1]",
        "sa ra@example.ir",
        "sara@example.ir\r\nBcc: all@example.ir",
        "sara@exa mple.ir",
        "sara..n@example.ir",
        ".sara@example.ir",
        "سارا@example.ir",
        "sara@example.ir, reza@example.ir",
        "<sara@example.ir>",
        "sara@-example.ir",
        "sara@example..ir",
        "a" * 65 + "@example.ir",
        "a@" + "b" * 64 + ".ir",
        "a@" + "b." * 130 + "ir",
    ],
)
def test_a_bad_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadSubscriptionError, match="^email: .* is not an address"):
        parse_email(typed)


@given(typed=st.text(max_size=60))
def test_whatever_is_kept_can_stand_in_a_header(typed: str) -> None:
    try:
        kept = parse_email(typed)
    except BadSubscriptionError:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert " " not in kept


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.com/hook",
        "https://example.com:8443/hook?token=1",
        "https://93.184.216.34/hook",
        "https://[2606:2800:220:1::1]/hook",
    ],
)
def test_a_public_https_endpoint_is_taken(typed: str) -> None:
    assert parse_endpoint(f" {typed} ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example.com",
        "http://example.com/hook",
        "ftp://example.com/",
        "https://",
        "https://user:pw@example.com/",
        "https://example.com/#x",
        "https://example.com/a b",
        "https://example.com\\@evil.ir/",
        "https://localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://[::1",
        "https://example.com/" + "a" * 2000,
        "javascript:alert(1)",
        *(f"https://{host}/" for host in LITERALS),
    ],
)
def test_a_bad_endpoint_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadSubscriptionError, match="^url: "):
        parse_endpoint(typed)


def test_what_the_configuration_opens_may_be_plain_http() -> None:
    opened = ("127.0.0.1/32",)
    url = "http://127.0.0.1:9000/hook"
    assert parse_endpoint(url, allow_private=opened) == url
    with pytest.raises(BadSubscriptionError):
        parse_endpoint("http://127.0.0.2:9000/hook", allow_private=opened)
    assert parse_endpoint("http://example.com/", https_only=False) == "http://example.com/"


@pytest.mark.parametrize(
    ("typed", "quiet"),
    [
        ("22:00-07:00", (1320, 420)),
        ("۲۲:۰۰ تا ۰۷:۳۰", (1320, 450)),
        ("0:00–24:00", (0, 0)),
        ("", None),
    ],
)
def test_quiet_hours_are_read_in_any_digits(typed: str, quiet: tuple[int, int] | None) -> None:
    expected = quiet and QuietHours(from_minute=quiet[0], until_minute=quiet[1])
    assert parse_quiet(typed) == expected


@pytest.mark.parametrize("typed", ["22:00", "25:00-07:00", "22-07", "24:30-1:00", "x-y"])
def test_bad_quiet_hours_are_refused(typed: str) -> None:
    with pytest.raises(BadSubscriptionError, match="quiet"):
        parse_quiet(typed)


def test_a_bulletin_time_is_read_and_refused() -> None:
    assert parse_minute("۷:۰۵", "bulletin") == 425
    with pytest.raises(BadSubscriptionError, match="bulletin"):
        parse_minute("7.05", "bulletin")


def test_a_rhythm_is_read_in_either_spelling() -> None:
    assert parse_rhythm(" At-Once") is Rhythm.AT_ONCE
    with pytest.raises(BadSubscriptionError, match="at_once, hourly, daily, weekly"):
        parse_rhythm("yearly")


RULES = frozenset({"copper", "sme"})
OUTLETS = frozenset({"farda", "nazir"})
GOOD = Preferences(rule_ids=("copper",), outlets_included=frozenset({"farda"}))


def test_good_preferences_are_kept_with_a_tidy_name() -> None:
    kept = checked(replace(GOOD, name=" صبح\n\u202eمدیران "), rules=RULES, outlets=OUTLETS)
    assert kept == replace(GOOD, name="صبح مدیران")
    watching = Preferences(watches_outlets=True)
    assert checked(watching, rules=RULES, outlets=OUTLETS) == watching


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule_ids": ("coper",)}, "there is no rule 'coper'; did you mean copper?"),
        ({"rule_ids": ("zzz",)}, "known are copper, sme"),
        ({"rule_ids": ()}, "follow at least one"),
        ({"outlets_excluded": frozenset({"fardaa"})}, "did you mean farda?"),
        ({"outlets_excluded": frozenset({"farda"})}, "either included or left out"),
        ({"language": "de"}, "one of fa, en"),
        ({"minimum_score": -1.0}, "minimum score"),
        ({"cap_per_hour": 0}, "cap per hour"),
        ({"bulletin_minute": 1440}, "bulletin time"),
    ],
)
def test_bad_preferences_are_refused_with_the_cure(changes: dict[str, object], said: str) -> None:
    with pytest.raises(BadSubscriptionError, match=said.replace("?", r"\?")):
        checked(replace(GOOD, **changes), rules=RULES, outlets=OUTLETS)  # type: ignore[arg-type]
