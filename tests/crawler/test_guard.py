import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.guard import literal_address, networks, why_forbidden

FORBIDDEN = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0177.1",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.0.0.1.",
    "１２７.0.0.1",
    "127。0。0。1",
    "0",
    "0.0.0.0",  # noqa: S104 - a form to refuse, nothing is bound
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "[::1]",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "100::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
)


@pytest.mark.parametrize("host", FORBIDDEN)
def test_forbidden_forms_are_read_as_addresses_and_refused(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert why_forbidden(address)


@pytest.mark.parametrize("host", ["8.8.8.8", "185.143.233.5", "2a01:4f8::1", "2606:4700::1111"])
def test_public_addresses_may_be_connected_to(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert why_forbidden(address) is None


@pytest.mark.parametrize(
    "host", ["irna.ir", "127.0.0.1.nip.io", "0x7g.1", "1.2.3.4.5", "256.1.1.1", "08.1.1.1", "", "a"]
)
def test_names_and_impossible_numbers_are_no_addresses(host: str) -> None:
    assert literal_address(host) is None


def test_the_configuration_opens_exactly_what_it_names() -> None:
    allow = networks(["127.0.0.1/32", "fd00::/8"])
    assert why_forbidden("127.0.0.1", allow) is None
    assert why_forbidden("fd00::5", allow) is None
    assert why_forbidden("127.0.0.2", allow)
    assert why_forbidden("::ffff:127.0.0.1", allow), "an embedded form is never what was named"


def test_the_reason_names_the_address_and_the_range() -> None:
    assert why_forbidden("192.168.0.9") == "192.168.0.9 is a private network"


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_passes(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast:
        assert why_forbidden(address)


@given(st.ip_addresses(v=4))
def test_every_spelling_of_one_address_is_the_same_address(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    octets = address.packed
    spellings = (
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(hex(octet) for octet in octets),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{number & 0xFFFF}",
    )
    assert {literal_address(spelling) for spelling in spellings} == {address}
