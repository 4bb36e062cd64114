"""Who may speak to the server, and what a browser may do with its pages."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from latticework.base.findings import Finding, Refused, error

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every answer; scripts and styles come from our own files alone."""


@dataclass(frozen=True)
class Guard:
    """Which host names a request may carry.

    A page elsewhere can point its own name at this machine (DNS rebinding), so
    a name counts only when it is listed; an address in digits cannot be
    rebound and counts where the network is let in.
    """

    names: frozenset[str] = LOOPBACK_NAMES
    network: bool = False

    def admits(self, host_header: str) -> bool:
        """Whether a request for this host is meant for us."""
        name = host_of(host_header)
        return name in self.names or (self.network and _is_address(name))


def refuse_strangers(headers: Mapping[str, str]) -> None:
    """Raise Refused (WEB005) where a page of another site sent a form here.

    Browsers say whose page sends; programs that say nothing may send.
    """
    origin = headers.get("origin", "")
    foreign = headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}
    if origin:
        foreign = (
            foreign or urlsplit(origin).netloc.casefold() != headers.get("host", "").casefold()
        )
    if foreign:
        hint = "send it from a page of this server"
        raise Refused(
            [error("WEB005", "a page of another site sent this", hint=hint, value=origin)]
        )


def host_of(header: str) -> str:
    """The name in a Host header, without port and brackets, in lower case."""
    text = header.strip().casefold()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


def guard_of(host: str, *, anyone: bool = False, names: Iterable[str] = ()) -> Guard:
    """The guard for a server bound to `host`.

    Raises Refused (SERVE001) where others could reach it and nobody said that
    they may: there is no sign-in yet, so whoever reaches it reads everything.
    """
    if not is_loopback(host) and not anyone:
        raise Refused([_too_open(host)])
    listed = LOOPBACK_NAMES | {name.casefold() for name in names}
    if host and host not in {"0.0.0.0", "::"}:  # noqa: S104  recognised, not bound
        listed |= {host.casefold()}
    return Guard(listed, network=anyone)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server bound to `host`."""
    if host.casefold() == "localhost":
        return True
    return _is_address(host) and ipaddress.ip_address(host).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _too_open(host: str) -> Finding:
    return error(
        "SERVE001",
        f"'{host}' can be reached from other machines, and there is no sign-in yet",
        hint="leave --host out, or say --anyone if whoever reaches it may read everything",
        value=host,
    )
