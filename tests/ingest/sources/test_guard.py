"""Tests of which hosts may be fetched from."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SettingsError, SourceError
from ingest.sources.guard import Guard, addresses_of, open_hosts, why_closed

OPEN = ["8.8.8.8", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"]
CLOSED = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1"),  # noqa: S104 (judged)
    *("172.31.255.255", "192.168.1.1", "169.254.1.1", "169.254.169.254", "100.64.0.1"),
    *("100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1"),
    *("198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("64:ff9b:1::808:808", "2002:7f00:1::", "2002:808:808::", "2001:0:7f00:1::", "2001:db8::1"),
    *("3fff::1", "4000::1", "100::1"),
]
NUMBERS = [
    *("2130706433", "0x7f.1", "0177.0.0.1", "0x7f000001", "127.1", "127.0.1", "0", "0.0"),
    *("127.0.0.1.", "0x7F.0.0.1", "00000177.0.0.01", "8.8.8.8.", "134744072", "1.2.3.4.5", "0x"),
    *("example.123", "999.999.999.999"),
]
WEB = 80


def resolving(*answers: Sequence[str]) -> Guard:
    """A guard to which every name leads to one answer after the other."""
    left = list(answers)
    return Guard(resolve=lambda _host, _port: left.pop(0))


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_web_is_open(address: str) -> None:
    """What everybody reaches is open, by itself and behind a name."""
    assert why_closed(address) is None
    assert Guard().addresses(address, WEB) == [str(address)]
    assert resolving([address]).addresses("reports.example", WEB) == [address]


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_inside_is_closed(address: str) -> None:
    """Whatever lies inside, in each of its forms, is closed by itself and behind a name."""
    assert why_closed(address)
    with pytest.raises(SourceError, match="is closed to Footnote"):
        Guard().admit(address, WEB)
    with pytest.raises(SourceError, match="is closed to Footnote"):
        resolving([address]).addresses("reports.example", WEB)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_in_another_spelling_is_no_host(number: str) -> None:
    """An address is written in one way; in another it is refused, wherever it leads."""
    for guard in (Guard(), Guard(frozenset({number, f"{number}:{WEB}"}))):
        with pytest.raises(SourceError, match="is no name of a host"):
            guard.admit(number, WEB)


@pytest.mark.parametrize(
    "name",
    ["localhost", "LOCALHOST.", "a.localhost", "metadata.google.internal", "printer.local"],
)
def test_a_name_inside_is_closed(name: str) -> None:
    """Names of this machine, of clouds' inner services and of networks are closed unasked."""
    with pytest.raises(SourceError, match="its name is one of"):
        resolving().addresses(name, WEB)


@pytest.mark.parametrize("port", [22, 25, 8080, 6379])
def test_another_port_is_closed(port: int) -> None:
    """Ports that are not the web's are closed."""
    with pytest.raises(SourceError, match=f"port {port} is not one of the web"):
        resolving(["8.8.8.8"]).addresses("reports.example", port)


def test_every_address_must_be_open() -> None:
    """A name with one closed address among its addresses is closed."""
    with pytest.raises(SourceError, match=r"10\.0\.0\.1 is an address inside"):
        resolving(["8.8.8.8", "10.0.0.1"]).addresses("reports.example", WEB)


def test_a_name_that_is_turned_inside_is_closed_then() -> None:
    """A name is judged anew for every connection, by the answer that the connection takes."""
    guard = resolving(["8.8.8.8"], ["127.0.0.1"])
    assert guard.addresses("reports.example", WEB) == ["8.8.8.8"]
    with pytest.raises(SourceError, match=r"127\.0\.0\.1 is an address"):
        guard.addresses("reports.example", WEB)


def test_a_host_without_an_address_is_no_closed_one() -> None:
    """That nobody knows a name is another error than that it is closed."""
    with pytest.raises(OSError, match="no name of a host"):
        addresses_of("a" * 64 + ".example", WEB)


@pytest.mark.parametrize(
    ("written", "host", "port", "opens"),
    [
        ("intranet.example", "intranet.example", 80, True),
        ("intranet.example", "INTRANET.example.", 443, True),
        ("intranet.example", "intranet.example", 8080, False),
        ("intranet.example", "other.intranet.example", 80, False),
        ("intranet.example:8080", "intranet.example", 8080, True),
        ("intranet.example:8080", "intranet.example", 80, False),
        ("intranet.example:80", "intranet.example", 80, True),
        ("intranet.example:80", "intranet.example", 443, False),
        (" Intranet.Example ", "intranet.example", 80, True),
        ("bücher.example", "xn--bcher-kva.example", 80, True),
        ("10.0.0.1", "10.0.0.1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]", "::1", 80, True),
        ("localhost:9000", "localhost", 9000, True),
    ],
)
def test_a_host_is_opened_by_name(written: str, host: str, port: int, opens: bool) -> None:
    """A host is opened at the port it is named with, without one at those of the web."""
    guard = Guard(open_hosts([written]), lambda _host, _port: ["10.0.0.1"])
    assert guard.opens(host, port) is opens
    if opens:
        assert guard.addresses(host, port)
    else:
        with pytest.raises(SourceError, match="is closed to Footnote"):
            guard.addresses(host, port)


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])
def test_an_opened_name_leads_to_no_keys(address: str) -> None:
    """A name that was opened and is turned to where a cloud hands out keys is closed."""
    guard = Guard(open_hosts(["intranet.example"]), lambda _host, _port: [address])
    with pytest.raises(SourceError, match="hands out keys"):
        guard.addresses("intranet.example", WEB)


@pytest.mark.parametrize(
    "written", ["", "a b", "https://a.example", "a.example/b", "u:p@a.example", "::1", "a:99999999"]
)
def test_what_is_no_host_opens_nothing(written: str) -> None:
    """A setting that names no host is an error that says how to write one."""
    with pytest.raises(SettingsError, match="is no host; write intranet"):
        open_hosts([written])


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, IPv4Address]:
    """An IPv4 address as C reads it: one to four numbers, each decimal, octal or hexadecimal."""
    address = draw(st.integers(0, 2**32 - 1) | st.sampled_from([0x7F000001, 0x0A000001, 0]))
    count = draw(st.integers(1, 4))
    last = address & (2 ** (8 * (5 - count)) - 1)
    parts = [address >> 24 - 8 * n & 255 for n in range(count - 1)] + [last]
    forms = st.sampled_from(["{}", "0{:o}", "0x{:x}", "0X{:X}"])
    return ".".join(draw(forms).format(part) for part in parts), IPv4Address(address)


@given(spellings())
def test_no_spelling_of_a_number_gets_through(spelling: tuple[str, IPv4Address]) -> None:
    """Whatever the system would read as an address is judged as that address, or refused."""
    written, address = spelling
    assert socket.inet_aton(written) == address.packed
    try:
        Guard().admit(written, WEB)
    except SourceError:
        return
    assert written == str(address)
    assert why_closed(written) is None


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_all_its_forms(address: IPv4Address) -> None:
    """Mapped into IPv6 and translated, an address is as open as by itself, and never more."""
    plain = why_closed(str(address))
    assert why_closed(f"::ffff:{address}") == plain
    assert why_closed(f"64:ff9b::{address}") == plain
    assert why_closed(f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::1")
    if plain is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_what_is_given_out_is_open(address: IPv6Address) -> None:
    """An open IPv6 address is one that is given to machines everybody reaches."""
    if why_closed(str(address)) is None:
        within = address.ipv4_mapped or str(address).startswith("64:ff9b::")
        assert within or (address.is_global and address.packed[0] >> 5 == 1)
