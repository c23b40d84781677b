"""By which names a server answers: a page of another site whose name leads here is not answered (DNS rebinding).

A browser lets the pages of ``evil.example`` read whatever answers under that name, and who owns the name may let it
lead to an address of this network, or to loopback. The name is in the request's ``Host``, so names that are not this
server's are refused. An address there (``10.1.2.3:5000``) cannot be led elsewhere, and is no such danger.
"""

from __future__ import annotations

import functools
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from flask import Flask, request

from searchapp.errors import RequestError
from searchapp.language import tr

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")
_PORT = re.compile(r":[0-9]*\Z")
_LOCAL = ("localhost",)
_MDNS = ".local"
"""Names that only machines of the same network give themselves (RFC 6762)."""


class HostRefusedError(RequestError):
    """Asked by a name that this server does not answer to."""


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The names that a server answers to, besides localhost and loopback addresses.

    ``names`` as :func:`host_name` gives them; ``addresses``: to every address; ``machine``: to this machine's own
    names; ``every``: to any name.
    """

    names: frozenset[str] = frozenset()
    addresses: bool = False
    machine: bool = False
    every: bool = False

    @classmethod
    def of(cls, bound: str, names: Iterable[str], *, proxied: bool, every: bool) -> AllowedHosts:
        """Of a server that listens at ``bound`` (an address or a name) and is told ``names``.

        A server that only this machine reaches answers to no more than ``bound`` and ``names``; ``proxied``: what
        reaches it is asked elsewhere, there by addresses too. Raises ``ValueError`` for what is no name.
        """
        wide = not is_loopback(bound)
        own = {bound.lower()} if bound else set()
        return cls(frozenset(map(host_name, names)) | own, wide or proxied, wide, every)

    def allow(self, host: str) -> bool:
        """Whether to answer to this ``Host``; none at all is no browser's."""
        name = _without_port(host)
        if self.every or not name or name in _LOCAL or name in self.names:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return self.machine and _is_own(name)
        return self.addresses or address.is_loopback


def host_name(text: str) -> str:
    """The name in ``text``, which may be an address of a page: lower case, no port, Punycode where it is not ASCII.

    Raises ``ValueError`` when it is no name.

    >>> host_name("https://Search.example:8443/")
    'search.example'
    """
    address = text.strip().lower()
    scheme, separator, rest = address.partition("://")
    name = _without_port((rest if separator and scheme.isalpha() else address).partition("/")[0])
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if not _NAME.fullmatch(name):
        ip_address(name)
    return name


def is_loopback(bound: str) -> bool:
    """Whether a server that listens there is reached from this machine alone."""
    try:
        found = socket.getaddrinfo(None if bound in ("", "*") else bound, 0, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return False
    return all(ip_address(str(each[4][0]).partition("%")[0]).is_loopback for each in found)


def install_hosts(app: Flask, hosts: AllowedHosts) -> None:
    """Makes ``app`` refuse requests by other names; style sheets are given to all, or the refusal would have none."""

    def refuse() -> None:
        host = request.environ.get("HTTP_HOST", "")
        if request.endpoint != "static" and not hosts.allow(host):
            raise HostRefusedError(_refusal(_without_port(host)))

    app.before_request(refuse)


def _refusal(name: str) -> str:
    if not _NAME.fullmatch(name):
        return tr("请求里的主机名不成样子。请检查地址。")
    return tr(
        "本服务不认“{name}”这个名字，以防别的网站借它读取报告。如果确实要用这个名字打开，请管理员在 "
        "searchapp serve 后面加上 --allow-host {name}，再启动一次。",
        name=name,
    )


def _without_port(host: str) -> str:
    name = _PORT.sub("", host.strip().lower()) if host.count(":") == 1 or "]:" in host else host.strip().lower()
    bracketed = name.startswith("[") and name.endswith("]")
    return name[1:-1] if bracketed else name.removesuffix(".")


def _is_own(name: str) -> bool:
    """Whether this machine is called so. Its full name is asked of the system only for what begins as its short one."""
    known = socket.gethostname().lower()
    short = known.partition(".")[0]
    return name in (known, short, short + _MDNS) or (name.partition(".")[0] == short and name == _full_name())


@functools.cache
def _full_name() -> str:
    return socket.getfqdn().lower()
