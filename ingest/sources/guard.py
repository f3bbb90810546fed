"""Which hosts may be fetched from: those that are open to everybody.

Whoever writes a page or a feed writes its links, and Footnote follows them from inside
somebody's network. What only that network reaches stays closed: its machines, this machine, and
the addresses at which clouds hand out keys. A host is judged by every address that its name
leads to, and the connection is made to an address that was judged.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ingest.errors import SettingsError, SourceError

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host, by its name and port; an `OSError` where it has none."""

_PORTS = frozenset({80, 443})
_NAMES = frozenset({"localhost", "internal", "local"})  # and every name that ends in one of them
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)  # the last part of no name
_MEANT_FOR_ALL = ip_network("2000::/3")  # of IPv6; the rest is reserved or stays inside
_TRANSLATED = ip_network("64:ff9b::/96")  # an IPv4 address in its last bits (NAT64)
_CLOSED = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)
# closed even behind a name that was opened: a name can be turned to them from outside
_KEYS = tuple(
    map(ip_network, ("169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::/32"))
)
_Address = IPv4Address | IPv6Address


def addresses_of(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host, each once.

    Raises:
        OSError: it has none, or nobody can be asked.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host} is no name of a host") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def open_hosts(written: Iterable[str]) -> frozenset[str]:
    """Read the hosts that a setting opens, each a name with or without a port.

    Returns:
        The hosts as `Guard` takes them: in lower case, an IPv6 address in brackets.

    Raises:
        SettingsError: one is no host.
    """
    from httpx import URL, InvalidURL

    hosts = set()
    for each in written:
        try:
            url = URL(f"http://{each.strip()}/")
            host = url.raw_host.decode("ascii")
            more = url.userinfo or url.query or url.fragment or url.path != "/"
            port_is = 0 < (80 if url.port is None else url.port) < 65_536
            wrong = bool(more) or not port_is or not (_literal(host) or _is_name(host))
        except InvalidURL:
            wrong = True
        if wrong:
            message = f"FETCH_OPEN_HOSTS: {each!r} is no host; write intranet.example:8080"
            raise SettingsError(message)
        port = each.strip().rpartition(":")[2]
        # a port that is usual is left out of an address, but not where somebody wrote it
        explicit = f":{port}" if port.isdecimal() and not each.strip().endswith("]") else ""
        hosts.add(_named(host) + explicit)
    return frozenset(hosts)


def why_closed(address: str) -> str | None:
    """Say why an address is closed ("an address inside a network"); None of an open one."""
    return _why_closed(ip_address(address))


class Guard:
    """Tells which hosts may be fetched from.

    Args:
        opened: hosts that are open although they lie inside, as `open_hosts` reads them; one
            with a port at that port alone, one without at 80 and 443.
        resolve: gives the addresses of a host.
    """

    def __init__(
        self, opened: frozenset[str] = frozenset(), resolve: Resolve = addresses_of
    ) -> None:
        self._opened = opened
        self._resolve = resolve

    def opens(self, host: str, port: int) -> bool:
        """Whether a host was opened by name."""
        named = _named(host)
        return f"{named}:{port}" in self._opened or (port in _PORTS and named in self._opened)

    def admit(self, host: str, port: int) -> None:
        """Judge a host by its name and port alone, before anything is asked of the network.

        Raises:
            SourceError: it is closed.
        """
        address = _literal(host)
        if address is None and not _is_name(host):
            raise SourceError(f"{host} is no name of a host; write the name, or 192.0.2.1")
        if self.opens(host, port):
            return
        if port not in _PORTS:
            raise _closed(host, port, f"port {port} is not one of the web")
        why = _why_closed(address) if address is not None else _why_name_closed(host)
        if why is not None:
            raise _closed(host, port, why)

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; a connection is made to one of these, or none.

        Raises:
            SourceError: it is closed, or one of its addresses is.
            OSError: it has no address.
        """
        self.admit(host, port)
        literal = _literal(host)
        addresses = [str(literal)] if literal is not None else list(self._resolve(host, port))
        opened = self.opens(host, port)
        for address in addresses:
            why = _why_closed(ip_address(address))
            if why is None or (opened and literal is not None):
                continue
            if not opened:
                raise _closed(host, port, f"{address} is {why}")
            if _gives_keys(ip_address(address)):
                raise SourceError(f"{host} is closed to Footnote: {address} is {why}; leave it out")
        return addresses


def _closed(host: str, port: int, why: str) -> SourceError:
    return SourceError(
        f"{host} is closed to Footnote: {why}; if it is meant, name {_named(host)}:{port} in "
        "FETCH_OPEN_HOSTS"
    )


def _bare(host: str) -> str:
    """A host in lower case, without the dot that may end a name."""
    return host.lower().removesuffix(".")


def _named(host: str) -> str:
    """A host as it stands in front of a port."""
    bare = _bare(host)
    return f"[{bare}]" if ":" in bare else bare


def _literal(host: str) -> _Address | None:
    """The address that a host is; None of a name, and of a number in another spelling."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """Whether it can be the name of a host, and no number."""
    last = _bare(host).rpartition(".")[2]
    return _NAME.fullmatch(host) is not None and _NUMBER.fullmatch(last) is None


def _why_name_closed(host: str) -> str | None:
    if _bare(host).rpartition(".")[2] in _NAMES:
        return "its name is one of this machine or of a network inside"
    return None


def _why_closed(address: _Address) -> str | None:
    if _gives_keys(address):
        return "an address at which a cloud hands out keys"
    within = _within(address)
    if within is not None:
        address = within
    elif isinstance(address, IPv6Address) and address not in _MEANT_FOR_ALL:
        return "an address inside a network or of this machine"
    if address.is_multicast or address.is_reserved:
        return "an address of no single machine"
    if not address.is_global or any(address in network for network in _CLOSED):
        return "an address inside a network or of this machine"
    return None


def _within(address: _Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address is another form of; None where it is none."""
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _gives_keys(address: _Address) -> bool:
    address = _within(address) or address
    return any(address in network for network in _KEYS) or address.is_link_local
